/**
 * Widths of activations that products read quickly. A product takes a dozen rows of its left operand at a time; where rows
 * lie a multiple of 4,096 bytes apart, all of these fall into the same few lines of the first cache and drive each other out.
 * Some columns of zeros more keep them apart, and change no result: 0.060 to 0.044 s for [2016, 8192] · [8192, 256].
 */

import type { Gpt2Config } from './gpt2-config.js';

const PAGE = 1024; // float32 numbers in 4,096 bytes
const EXTRA = 16; // one line of the cache

/** The width, or a little more where it is a multiple of 1,024. */
export function spacedWidth(width: number): number {
  return width % PAGE === 0 ? width + EXTRA : width;
}

/** A model whose hidden layers are this much wider: with zeros there it is the same model. */
export function spacedInside<C extends { readonly innerWidth: number }>(config: C): C {
  return { ...config, innerWidth: spacedWidth(config.innerWidth) };
}

/** That, and rows of zeros in the embedding, for a head that knows the size of the vocabulary. */
export function spacedGpt2(config: Gpt2Config): Gpt2Config {
  return { ...spacedInside(config), vocabSize: spacedWidth(config.vocabSize) };
}
