/** The small tokenizers extended with the words of their goldens. */

import { readFileSync } from 'node:fs';

import type { ExtendedVocabulary } from '../../../../core/text/vocabulary.js';
import { extendVocabulary } from '../../../../core/text/vocabulary.js';

export type TokenizerKind = 'metaspace' | 'byte-level';

export const goldenWords = ['둔촌주공', '영끌족', 'GTX', '똠방각하'];

export interface Saying {
  readonly text: string;
  readonly ids: number[];
  readonly decoded: string;
}

/** What the Python library says: `python make.py FOLDER`. */
export interface Golden {
  readonly base: Saying[];
  readonly extended: Saying[];
}

export function readTokenizer(kind: TokenizerKind): Uint8Array {
  return readFileSync(new URL(`${kind}.json`, import.meta.url));
}

export function readGolden(kind: TokenizerKind): Golden {
  return JSON.parse(readFileSync(new URL(`${kind}.golden.json`, import.meta.url), 'utf8'));
}

export function extendGolden(kind: TokenizerKind): ExtendedVocabulary {
  return extendVocabulary(readTokenizer(kind), goldenWords);
}
