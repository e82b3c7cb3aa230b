/** Extends the small tokenizers with the words of their goldens, for `make.py` to read. */

import { readFileSync, writeFileSync } from 'node:fs';

import { extendVocabulary } from '../../../../core/text/vocabulary.js';

export const goldenWords = ['둔촌주공', '영끌족', 'GTX', '똠방각하'];

/** The tokenizer of one kind with `goldenWords` on its free entries. */
export function extendGolden(kind: string) {
  return extendVocabulary(readFileSync(new URL(`${kind}.json`, import.meta.url)), goldenWords);
}

/** Writes `KIND.extended.json` into a folder. */
export function writeExtended(kind: string, folder: string): void {
  writeFileSync(`${folder}/${kind}.extended.json`, extendGolden(kind).tokenizerJson);
}
