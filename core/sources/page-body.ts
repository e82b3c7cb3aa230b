/** HTML bodies decoded by the charset that the HTTP header names. Knows no particular page. */

import type { CheerioAPI } from 'cheerio';
import { load } from 'cheerio';
import iconv from 'iconv-lite';

import { HostilePageError, ParseDriftError } from './errors.js';
import type { HttpResponse } from './http.js';

const SNIFFED_BYTES = 1024;

function charsetIn(text: string | undefined): string | undefined {
  return /charset\s*=\s*["']?([\w-]+)/i.exec(text ?? '')?.[1]?.toLowerCase();
}

/** Pages that call themselves EUC-KR hold syllables of its superset, cp949. */
function decoderName(charset: string): string {
  return /^(?:euc-?kr|ks_?c_?5601(?:-1987)?|ms949|cp949|windows-949)$/.test(charset) ? 'cp949' : charset;
}

/** The text of a body: the header's charset counts, then the page's own `<meta>`, then UTF-8. */
export function textOf(response: HttpResponse): string {
  const declared = charsetIn(response.headers['content-type']);
  const meta = charsetIn(Buffer.from(response.body.subarray(0, SNIFFED_BYTES)).toString('latin1'));
  const name = decoderName(declared ?? meta ?? 'utf-8');
  return iconv.decode(Buffer.from(response.body), iconv.encodingExists(name) ? name : 'utf-8');
}

/** Deeper than any honest page; parsers take time that grows with the square of the depth. */
const MAX_DEPTH = 1_000;
/** Elements without an end, or whose end is often left out. */
const UNCLOSED =
  /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|p|li|dt|dd|tr|td|th|tbody|thead|tfoot|option|html|head|body)$/i;

/** How deep the elements of a text stand in each other at most, counted without parsing. */
function depthOf(markup: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [, slash, name = ''] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (UNCLOSED.test(name)) continue;
    depth = slash === '/' ? Math.max(0, depth - 1) : depth + 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Parsed markup. @throws HostilePageError for elements nested deeper than any honest page's */
export function parseMarkup(markup: string, url: string): CheerioAPI {
  const depth = depthOf(markup);
  if (depth > MAX_DEPTH) throw new HostilePageError(url, `elements nested at most ${MAX_DEPTH} deep`, `${depth}`);
  return load(markup);
}

export function htmlOf(response: HttpResponse): CheerioAPI {
  return parseMarkup(textOf(response), response.url);
}

/** Text of an element, its line breaks and paragraphs kept as line feeds. */
export function blockText($: CheerioAPI, selector: string): string {
  const element = $(selector).first().clone();
  element.find('script, style, noscript, iframe').remove();
  element.find('br').replaceWith('\n');
  element.find('p, div, li').append('\n');
  return element.text();
}

/** Text of the first element that a selector finds. @throws ParseDriftError when there is none. */
export function requiredText($: CheerioAPI, selector: string, url: string): string {
  if ($(selector).length === 0) throw new ParseDriftError(url, selector, 'an element', 'none');
  return blockText($, selector).trim();
}
