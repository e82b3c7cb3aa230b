/** Names, shapes and starting values of GPT-2's parameters, as Transformers' GPT2LMHeadModel has them. Knows no graph. */

import type { HostTensor } from '../tensor.js';
import type { Gpt2Config } from './gpt2-config.js';
import { initialParameters, ParameterError, selectParameters } from './parameters.js';
import type { Initial, Parameters, ParameterSpecs } from './parameters.js';

const PREFIX = 'transformer.';
const EMBEDDING = `${PREFIX}wte.weight`;
const HEAD = 'lm_head.weight';
const zeros: Initial = { kind: 'zeros' };
const ones: Initial = { kind: 'ones' };

/**
 * Every parameter of the model; the head shares `transformer.wte.weight`.
 * Starting values: N(0, 0.02), projections into the residual stream divided by sqrt(2 L)
 * (Radford et al. 2019, section 2.3; `_init_weights` of Transformers' modeling_gpt2.py).
 */
export function gpt2ParameterSpecs(config: Gpt2Config): ParameterSpecs {
  const normal: Initial = { kind: 'normal', deviation: config.initializerRange };
  const specs: Record<string, ParameterSpecs[string]> = {
    [EMBEDDING]: { shape: [config.vocabSize, config.width], initial: normal },
    [`${PREFIX}wpe.weight`]: { shape: [config.numPositions, config.width], initial: normal },
  };
  for (let layer = 0; layer < config.numLayers; layer++)
    Object.assign(specs, blockSpecs(config, `${PREFIX}h.${layer}.`));
  specs[`${PREFIX}ln_f.weight`] = { shape: [config.width], initial: ones };
  specs[`${PREFIX}ln_f.bias`] = { shape: [config.width], initial: zeros };
  return specs;
}

function blockSpecs({ width, innerWidth, numLayers, initializerRange }: Gpt2Config, block: string): ParameterSpecs {
  const normal: Initial = { kind: 'normal', deviation: initializerRange };
  const residual: Initial = { kind: 'normal', deviation: initializerRange / Math.sqrt(2 * numLayers) };
  return {
    [`${block}ln_1.weight`]: { shape: [width], initial: ones },
    [`${block}ln_1.bias`]: { shape: [width], initial: zeros },
    [`${block}attn.c_attn.weight`]: { shape: [width, 3 * width], initial: normal },
    [`${block}attn.c_attn.bias`]: { shape: [3 * width], initial: zeros },
    [`${block}attn.c_proj.weight`]: { shape: [width, width], initial: residual },
    [`${block}attn.c_proj.bias`]: { shape: [width], initial: zeros },
    [`${block}ln_2.weight`]: { shape: [width], initial: ones },
    [`${block}ln_2.bias`]: { shape: [width], initial: zeros },
    [`${block}mlp.c_fc.weight`]: { shape: [width, innerWidth], initial: normal },
    [`${block}mlp.c_fc.bias`]: { shape: [innerWidth], initial: zeros },
    [`${block}mlp.c_proj.weight`]: { shape: [innerWidth, width], initial: residual },
    [`${block}mlp.c_proj.bias`]: { shape: [width], initial: zeros },
  };
}

/** A fresh model. */
export function initialGpt2(config: Gpt2Config, seed: number): Parameters {
  return initialParameters(gpt2ParameterSpecs(config), seed);
}

/** Some checkpoints hold the bare GPT2Model, whose names lack `transformer.`. */
function canonicalName(name: string): string {
  return /^(wte|wpe|ln_f|h)\./.test(name) ? PREFIX + name : name;
}

/**
 * The model's parameters out of a checkpoint's tensors, named `transformer.…` whether the file says so or not.
 * `attn.bias` and `attn.masked_bias` buffers of old checkpoints are left out.
 *
 * `lm_head.weight` shares `transformer.wte.weight`: it is left out beside it, and taken for it where a file keeps one name of
 * the two. Which one depends on the maker: `save_model` of safetensors keeps the name that sorts first.
 * @throws ParameterError on a missing parameter, another shape or another dtype, and on a head with values of its own.
 */
export function gpt2Parameters(config: Gpt2Config, tensors: Readonly<Record<string, HostTensor>>): Parameters {
  const embedding = Object.entries(tensors).find(([name]) => canonicalName(name) === EMBEDDING)?.[1];
  const head = tensors[HEAD];
  if (embedding && head && !sameBytes(embedding, head))
    throw new ParameterError(HEAD, `the values of ${EMBEDDING}, which the head shares`, 'other values');
  const rename = (name: string) => (name === HEAD && !embedding ? EMBEDDING : canonicalName(name));
  return selectParameters(gpt2ParameterSpecs(config), tensors, rename);
}

function sameBytes(a: HostTensor, b: HostTensor): boolean {
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

function bytesOf({ data: { buffer, byteOffset, byteLength } }: HostTensor): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
