/** The models: configuration, parameters, graphs. */

export type { BertConfig } from './bert-config.js';
export { bertConfigJson, bertConfigOf, labelNames, parseBertConfig } from './bert-config.js';
export { bertParameters, bertParameterSpecs, initialBert } from './bert-parameters.js';
export type { BertInput } from './bert.js';
export { bertHidden, bertLogits } from './bert.js';
export { ModelConfigError, modelConfigJson } from './config-reader.js';
export type { Dropout } from './dropout.js';
export { noDropout } from './dropout.js';
export type { Gpt2Config } from './gpt2-config.js';
export { gpt2ConfigJson, parseGpt2Config } from './gpt2-config.js';
export { gpt2Parameters, gpt2ParameterSpecs, initialGpt2 } from './gpt2-parameters.js';
export type { AttentionCore, Gpt2Input } from './gpt2.js';
export { gpt2Blocks, gpt2Embed, gpt2Hidden, lmLogits, positionIds } from './gpt2.js';
export type { ParameterValues } from './graph-parameters.js';
export { parameter, parameterFeeds, parameterInputs } from './graph-parameters.js';
export type { CrossEntropy, HeadLogProbs } from './loss.js';
export { countedTargets, crossEntropy, headLogProbs, IGNORED, nextTokenTargets, tokenLogProbs } from './loss.js';
export type { Parameters, ParameterShapes, ParameterSpecs } from './parameters.js';
export { ParameterError, shapesOf } from './parameters.js';
export { spacedGpt2, spacedInside } from './spacing.js';
export type { ValueHeadOptions } from './value-head.js';
export { valueHead } from './value-head.js';
