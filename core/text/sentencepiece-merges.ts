/**
 * The merges of a SentencePiece BPE model, whose file has none: it joins the two neighbours that make the piece of the highest
 * score, and, of equals, those on the left (`Model::SampleEncode` of SentencePiece's bpe_model.cc). Knows no text.
 */

import type { SentencePiece } from './sentencepiece-model.js';

interface Merge {
  readonly left: string;
  readonly right: string;
  readonly score: number;
  readonly order: readonly [number, number];
}

/** Every way to make a piece of two others. */
function mergesOf({ piece, score }: SentencePiece, ids: ReadonlyMap<string, number>): Merge[] {
  const letters = [...piece];
  return letters.slice(1).flatMap((_, i): Merge[] => {
    const [left, right] = [letters.slice(0, i + 1).join(''), letters.slice(i + 1).join('')];
    const [leftId, rightId] = [ids.get(left), ids.get(right)];
    return leftId === undefined || rightId === undefined ? [] : [{ left, right, score, order: [leftId, rightId] }];
  });
}

/** Pairs of pieces, best first. */
export function sentencePieceMerges(pieces: readonly SentencePiece[]): [string, string][] {
  const normal = pieces.filter(({ type }) => type === 'normal');
  const ids = new Map(pieces.flatMap(({ piece, type }, id) => (type === 'normal' ? [[piece, id] as const] : [])));
  return normal
    .flatMap((piece) => mergesOf(piece, ids))
    .toSorted((a, b) => b.score - a.score || a.order[0] - b.order[0] || a.order[1] - b.order[1])
    .map(({ left, right }) => [left, right]);
}
