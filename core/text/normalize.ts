/** Makes web text plain: tags, entities, Unicode forms, invisible characters, blanks, long runs. Knows no language. */

import { load } from 'cheerio';

export interface NormalizeSettings {
  /** A character other than a digit that repeats more often, in either case, is cut to so many; 3 unless told. */
  readonly maxRun?: number;
}

/** Entities may be escaped twice, by the editor and by the service. */
const MAX_DECODINGS = 3;

/** `<` that opens no tag is text: a < b, <3, <최고. */
const TAGS = /<\/?[a-zA-Z][^<>]*>/g;
const BREAKS = /<\/?(?:br|p|div|li|tr|h\d|blockquote)\b[^<>]*>/gi;
const ENTITY = /&(?:#\d+|#x[\da-f]+|[a-z]\w*);/i;
const MARKUP = /&(?:#\d+|#x[\da-f]+|[a-z]\w*);|<(?:\/?[a-z]|!--)/i;
/** Edges of what is never shown: comments, scripts and their like. */
const HIDDEN_EDGES = /<!--|-->|<(\/?)(script|style|noscript|iframe)\b[^<>]*>/gi;

/** One pass from edge to edge, whatever is nested or left open, so that no text takes long. */
function withoutHidden(text: string): string {
  let shown = '';
  let position = 0;
  let awaited: string | undefined;
  for (const { 0: edge, 1: slash, 2: name = '', index } of text.matchAll(HIDDEN_EDGES)) {
    const opens = edge === '<!--' ? '-->' : slash === '' ? name.toLowerCase() : undefined;
    const closes = edge === '-->' ? edge : slash === '/' ? name.toLowerCase() : undefined;
    if (awaited === undefined && opens !== undefined) {
      shown += text.slice(position, index);
      awaited = opens;
    } else if (awaited !== undefined && closes === awaited) {
      position = index + edge.length;
      awaited = undefined;
    }
  }
  return awaited === undefined ? shown + text.slice(position) : shown;
}

function decodeOnce(text: string): string {
  const bare = withoutHidden(text).replace(BREAKS, ' ').replace(TAGS, '');
  return ENTITY.test(bare) ? load(bare.replaceAll('<', '&lt;'), null, false).root().text() : bare;
}

/** Text without tags and entities. */
export function stripMarkup(text: string): string {
  let plain = text;
  for (let i = 0; i < MAX_DECODINGS && MARKUP.test(plain); i++) plain = decodeOnce(plain);
  return plain;
}

/** Zero-width, bidirectional and filler characters, soft hyphens, variation selectors. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\uFFFC\uFFFD]/gu;
/** Lone surrogates, private use, unassigned noncharacters. */
const UNWRITABLE = /[\p{Cs}\p{Co}\uFFFE\uFFFF]/gu;
/** Control characters count as blanks, as tabs and line feeds do. */
const BLANKS = /[\p{Z}\p{Cc}]+/gu;

/** In either case: AAAAh and Aaaah are one word, and keywords are looked for in either. */
function capRuns(text: string, maxRun: number): string {
  return text.replace(/([^\d\s])\1+/giu, (run) => Array.from(run).slice(0, maxRun).join(''));
}

/**
 * One line of plain text in Unicode's composed form (NFC).
 * Applying it twice gives what applying it once gave, but for text that describes markup.
 */
export function normalizeText(text: string, { maxRun = 3 }: NormalizeSettings = {}): string {
  const visible = stripMarkup(text).replace(INVISIBLE, '').replace(UNWRITABLE, '');
  return capRuns(visible.normalize('NFC').replace(BLANKS, ' ').trim(), maxRun);
}
