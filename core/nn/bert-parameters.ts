/** Names, shapes and starting values of a BERT classifier's parameters, as Transformers has them. Knows no graph. */

import type { HostTensor } from '../tensor.js';
import type { BertConfig } from './bert-config.js';
import { initialParameters, selectParameters } from './parameters.js';
import type { Initial, Parameters, ParameterSpec, ParameterSpecs } from './parameters.js';

const zeros: Initial = { kind: 'zeros' };
const ones: Initial = { kind: 'ones' };

/** Every parameter of BertForSequenceClassification; linear weights are [out, in]. Starting values: N(0, 0.02). */
export function bertParameterSpecs(config: BertConfig): ParameterSpecs {
  const { width } = config;
  const normal: Initial = { kind: 'normal', deviation: config.initializerRange };
  const specs: Record<string, ParameterSpec> = {
    'bert.embeddings.word_embeddings.weight': { shape: [config.vocabSize, width], initial: normal },
    'bert.embeddings.position_embeddings.weight': { shape: [config.numPositions, width], initial: normal },
    'bert.embeddings.token_type_embeddings.weight': { shape: [config.numTokenTypes, width], initial: normal },
    ...normSpecs('bert.embeddings.LayerNorm', width),
  };
  for (let layer = 0; layer < config.numLayers; layer++)
    Object.assign(specs, layerSpecs(config, `bert.encoder.layer.${layer}.`));
  return {
    ...specs,
    ...linearSpecs('bert.pooler.dense', width, width, normal),
    ...linearSpecs('classifier', width, config.numLabels, normal),
  };
}

function layerSpecs({ width, innerWidth, initializerRange }: BertConfig, layer: string): ParameterSpecs {
  const normal: Initial = { kind: 'normal', deviation: initializerRange };
  return {
    ...linearSpecs(`${layer}attention.self.query`, width, width, normal),
    ...linearSpecs(`${layer}attention.self.key`, width, width, normal),
    ...linearSpecs(`${layer}attention.self.value`, width, width, normal),
    ...linearSpecs(`${layer}attention.output.dense`, width, width, normal),
    ...normSpecs(`${layer}attention.output.LayerNorm`, width),
    ...linearSpecs(`${layer}intermediate.dense`, width, innerWidth, normal),
    ...linearSpecs(`${layer}output.dense`, innerWidth, width, normal),
    ...normSpecs(`${layer}output.LayerNorm`, width),
  };
}

function linearSpecs(name: string, from: number, to: number, initial: Initial): ParameterSpecs {
  return { [`${name}.weight`]: { shape: [to, from], initial }, [`${name}.bias`]: { shape: [to], initial: zeros } };
}

function normSpecs(name: string, width: number): ParameterSpecs {
  return {
    [`${name}.weight`]: { shape: [width], initial: ones },
    [`${name}.bias`]: { shape: [width], initial: zeros },
  };
}

/** A fresh classifier. */
export function initialBert(config: BertConfig, seed: number): Parameters {
  return initialParameters(bertParameterSpecs(config), seed);
}

/** What stands above the encoder. */
const heads = ['bert.pooler.dense', 'classifier'];

/** Old TensorFlow-made checkpoints say gamma and beta; bare BertModel files lack `bert.`. */
function canonicalName(name: string): string {
  const prefixed = /^(embeddings|encoder|pooler)\./.test(name) ? `bert.${name}` : name;
  return prefixed.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias');
}

/**
 * The classifier's parameters out of a checkpoint's tensors. Where `seed` is given, what a pre-trained encoder need not have
 * starts fresh: the classifier, and the pooler, which masked language models are published without.
 * @throws ParameterError on a missing parameter, another shape or another dtype.
 */
export function bertParameters(
  config: BertConfig,
  tensors: Readonly<Record<string, HostTensor>>,
  seed?: number,
): Parameters {
  const specs = bertParameterSpecs(config);
  if (seed === undefined) return selectParameters(specs, tensors, canonicalName);
  const present = new Set(Object.keys(tensors).map(canonicalName));
  const missing = heads.filter((head) => !present.has(`${head}.weight`));
  const drawn = Object.entries(specs).filter(([name]) => missing.some((head) => name.startsWith(`${head}.`)));
  return selectParameters(specs, { ...tensors, ...initialParameters(Object.fromEntries(drawn), seed) }, canonicalName);
}
