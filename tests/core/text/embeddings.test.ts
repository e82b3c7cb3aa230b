import { describe, expect, it } from 'vitest';

import { hostTensor } from '../../../core/tensor.js';
import { initialiseEmbeddings } from '../../../core/text/embeddings.js';

describe('initialiseEmbeddings', () => {
  const embedding = hostTensor('float32', [4, 2], Float32Array.of(1, 2, 3, 4, 5, 8, 0, 0)); // [V, C]

  it('initialiseEmbeddings gives a word the mean of its old pieces and touches no other row', () => {
    const { data, shape } = initialiseEmbeddings(embedding, [
      { word: '둔촌', id: 3, replaced: '<unused0>', oldPieces: [0, 2, 2] },
    ]);
    expect(shape).toEqual([4, 2]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 8, Math.fround(11 / 3), 6]);
    expect([...embedding.data.subarray(6)]).toEqual([0, 0]);
  });

  it('initialiseEmbeddings reads old rows, not rows that it has just written', () => {
    const words = [
      { word: 'a', id: 0, replaced: '<unused0>', oldPieces: [1, 2] },
      { word: 'b', id: 3, replaced: '<unused1>', oldPieces: [0] },
    ];
    expect([...initialiseEmbeddings(embedding, words).data]).toEqual([4, 6, 3, 4, 5, 8, 1, 2]);
  });

  it('initialiseEmbeddings names ids outside of the embedding', () => {
    expect(() =>
      initialiseEmbeddings(embedding, [{ word: 'x', id: 9, replaced: '<unused0>', oldPieces: [0] }]),
    ).toThrow(/ids below 4 for x, got id 9/);
  });
});
