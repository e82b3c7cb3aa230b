/** Finds the target words that a text names: leftmost first, then longest. Knows no groups. */

import { normalizeText, type NormalizeSettings } from './normalize.js';

export interface KeywordMatch {
  readonly keyword: string;
  /** UTF-16 units, end excluded. */
  readonly start: number;
  readonly end: number;
}

export interface KeywordMatcher {
  /** All matches from left to right, none overlapping. */
  readonly matches: (text: string) => KeywordMatch[];
  /** The words named, each once, in order of first appearance. */
  readonly find: (text: string) => string[];
}

interface Node {
  readonly next: Map<string, Node>;
  keyword: string | undefined;
}

function newNode(): Node {
  return { next: new Map(), keyword: undefined };
}

/** Scripts that set blanks between words: there a name must not be part of a longer word. */
const SPACED_LETTER = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** Hangul runs on into particles, so only letters of the same kind on both sides of an edge make it no edge. */
function isEdge(text: string, at: number): boolean {
  const left = text[at - 1];
  const right = text[at];
  return left === undefined || right === undefined || !SPACED_LETTER.test(left) || !SPACED_LETTER.test(right);
}

/**
 * Case is ignored, code point by code point. İ stays itself, as the only one whose lower case is longer (Unicode's
 * SpecialCasing.txt): positions stay true. Lower case of Σ depends on its place in a word, so both of its forms are one.
 */
function foldCase(text: string): string {
  const lower = text.toLowerCase();
  const folded = lower.length === text.length ? lower : text.replace(/[^İ]+/g, (part) => part.toLowerCase());
  return folded.replaceAll('ς', 'σ');
}

/** As texts are once they are cleaned; and as typed, for sentences that are read as they came. */
function formsOf(keyword: string, settings: NormalizeSettings): Set<string> {
  return new Set([normalizeText(keyword, settings), keyword.normalize('NFC')].map(foldCase));
}

function addWord(root: Node, form: string, keyword: string): void {
  let node = root;
  for (const unit of form) {
    const next = node.next.get(unit) ?? newNode();
    node.next.set(unit, next);
    node = next;
  }
  node.keyword ??= keyword;
}

function buildTrie(keywords: readonly string[], settings: NormalizeSettings): Node {
  const root = newNode();
  for (const keyword of keywords) {
    const forms = formsOf(keyword, settings);
    if (forms.has(''))
      throw new RangeError(
        `keywordMatcher: expected words, got an empty one, ${JSON.stringify(keyword)}; check the target list`,
      );
    for (const form of forms) addWord(root, form, keyword);
  }
  return root;
}

/** The longest keyword that begins at `start`. */
function longestAt(root: Node, folded: string, start: number): KeywordMatch | undefined {
  let found: KeywordMatch | undefined;
  let node: Node | undefined = root;
  let end = start;
  while (end < folded.length) {
    const unit = String.fromCodePoint(folded.codePointAt(end) ?? 0);
    node = node.next.get(unit);
    if (!node) break;
    end += unit.length;
    if (node.keyword !== undefined && isEdge(folded, end)) found = { keyword: node.keyword, start, end };
  }
  return found;
}

/**
 * Prepares a word list; a text is then read once, whatever the number of words.
 * @param settings those under which the texts were normalised
 * @throws RangeError for a word of which normalisation leaves nothing
 */
export function keywordMatcher(keywords: readonly string[], settings: NormalizeSettings = {}): KeywordMatcher {
  const root = buildTrie(keywords, settings);
  const matches = (text: string): KeywordMatch[] => {
    const folded = foldCase(text);
    const found: KeywordMatch[] = [];
    for (let start = 0; start < folded.length; start++) {
      if (!isEdge(folded, start)) continue;
      const match = longestAt(root, folded, start);
      if (!match) continue;
      found.push(match);
      start = match.end - 1;
    }
    return found;
  };
  return { matches, find: (text) => [...new Set(matches(text).map(({ keyword }) => keyword))] };
}
