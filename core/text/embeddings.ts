/** First embeddings for words that took the place of unused entries. Knows no tokenizer. */

import type { HostTensor } from '../tensor.js';
import { hostTensor } from '../tensor.js';
import type { ReplacedToken } from './vocabulary.js';

/** The mean of some rows, summed in double precision. */
function meanRow(data: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const sum = new Float64Array(width);
  for (const row of rows) for (let i = 0; i < width; i++) sum[i]! += data[row * width + i]!;
  return Float32Array.from(sum, (value) => value / rows.length);
}

/**
 * A copy of an embedding (or of an untied output matrix) in which each new word's row is the mean of the rows of the pieces
 * that it was written with before.
 * @param embedding [V, C]
 * @throws RangeError when a word's id or pieces lie outside of the embedding
 */
export function initialiseEmbeddings(
  embedding: HostTensor<'float32'>,
  replaced: readonly ReplacedToken[],
): HostTensor<'float32'> {
  const [rows = 0, width = 0] = embedding.shape;
  const data = embedding.data.slice();
  for (const { word, id, oldPieces } of replaced) {
    if (oldPieces.length === 0 || [id, ...oldPieces].some((row) => row >= rows)) {
      const got = `id ${id} and pieces [${oldPieces.join(', ')}]`;
      throw new RangeError(
        `initialiseEmbeddings: expected ids below ${rows} for ${word}, got ${got}; use the model's own tokenizer`,
      );
    }
    data.set(meanRow(embedding.data, width, oldPieces), id * width);
  }
  return hostTensor('float32', embedding.shape, data); // [V, C]
}
