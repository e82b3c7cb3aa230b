/** Whether a word can be an entry of a vocabulary without harm to texts that hold it. Changes nothing. */

import type { JsonObject, TokenizerJson } from './tokenizer-json.js';
import { isObject } from './tokenizer-json.js';
import type { TextTokenizer } from './tokenizer.js';

/** Types of a part and of the parts inside it. */
function typesIn(part: JsonObject | null): string[] {
  if (part === null) return [];
  const inner = [part['decoders'], part['pretokenizers']].flatMap((list) => (Array.isArray(list) ? list : []));
  return [String(part['type']), ...inner.flatMap((value: unknown) => (isObject(value) ? typesIn(value) : []))];
}

/** Printable Latin-1 and the letters from Ā to ń: what byte-level vocabularies write bytes with. */
const BYTE_LETTERS = /^[!-~¡-¬®-ÿĀ-ń]+$/u;

/** Words that a decoder would read as something else: blanks, its mark for a blank, byte entries, letters that mean bytes. */
export function isUnwritable(word: string, json: TokenizerJson): boolean {
  if (!/^[\p{L}\p{N}\p{M}\p{P}\p{S}]+$/u.test(word) || word !== word.normalize('NFC')) return true;
  if (word.includes('▁') || /^<0x[\da-f]{2}>$/i.test(word)) return true;
  return typesIn(json.decoder).includes('ByteLevel') && BYTE_LETTERS.test(word) && /[^!-~]/.test(word);
}

/** A word in the places where a text may hold it. */
function surroundings(word: string, neighbour: string): string[] {
  return [
    word,
    `${word}은`,
    `가${word}`,
    `가 ${word} 나`,
    `가 ${word}는 나`,
    `${word} ${word}`,
    `${word}${word}`,
    `${word}${neighbour}`,
    `${word} ${neighbour}`,
    `${word}.`,
    `(${word})`,
    `1${word}2`,
    `a${word}b`,
    `a ${word} b`,
    `${word}\n${word}`,
    `🙂${word}🙂`,
  ];
}

function survives(tokenizer: TextTokenizer, text: string): boolean {
  return tokenizer.decode(tokenizer.encode(text)) === text;
}

/** Tells texts that hold one of the words: a tokenizer that these are added to writes all others as before. */
export function holdsAny(words: readonly string[]): (text: string) => boolean {
  if (words.length === 0) return () => false;
  const any = new RegExp(words.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)).join('|'), 'u');
  return (text) => any.test(text);
}

/** Words of texts that `before` gave back unchanged and `after` does not. */
export function roundTripFailures(
  before: TextTokenizer,
  after: TextTokenizer,
  words: readonly string[],
  probeTexts: readonly string[],
): Set<string> {
  const culprits = new Set<string>();
  const broken = (text: string): boolean => !survives(after, text) && survives(before, text);
  words.forEach((word, i) => {
    const neighbour = words[(i + 1) % words.length] ?? word;
    if (surroundings(word, neighbour).some(broken)) culprits.add(word);
  });
  for (const text of probeTexts.filter(holdsAny(words))) {
    if (!broken(text)) continue;
    for (const word of words) if (text.includes(word)) culprits.add(word);
  }
  return culprits;
}
