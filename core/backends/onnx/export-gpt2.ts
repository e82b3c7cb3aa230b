/**
 * A trained GPT-2 as one ONNX file that generates: weights inside, sizes of batch, tokens and cache free, keys and values going
 * in and out. Standard ops only, so that onnxruntime and transformers.js run it anywhere. Knows no training.
 *
 * Names are those that Hugging Face's exporter gives a decoder (github.com/huggingface/optimum-onnx, tasks
 * `text-generation-with-past`): `input_ids`, `attention_mask`, `position_ids`, `past_key_values.N.key`, `logits`, `present.N.key`.
 */

import type { HostTensor } from '../../tensor.js';
import { DynamicGraph } from './dynamic-graph.js';
import type { DynamicSpec } from './dynamic-graph.js';

/** 17 has LayerNormalization; every later runtime knows it. */
const OPSET = 17n;
const IR_VERSION = 8n;
/** Added to scores that must not count, as in training. */
const MASKED = -1e9;

/** The shape of the model, in the names of its configuration. */
export interface Gpt2OnnxConfig {
  readonly vocabSize: number; // V
  readonly width: number; // C
  readonly numLayers: number; // L
  readonly numHeads: number; // H
  readonly activation: 'gelu_new' | 'gelu';
  readonly layerNormEpsilon: number;
}

type Weights = Readonly<Record<string, HostTensor<'float32'>>>;

interface Model {
  readonly graph: DynamicGraph;
  readonly config: Gpt2OnnxConfig;
  readonly weights: Weights;
}

const BATCH = 'batch_size';
const TOKENS = 'sequence_length';
const PAST = 'past_sequence_length';
const TOTAL = 'total_sequence_length';

function weight({ graph, weights }: Model, name: string): string {
  const tensor = weights[name];
  if (!tensor) throw new RangeError(`exportGpt2Onnx: expected a parameter ${name}, got none; check the checkpoint`);
  return graph.weight(name, tensor);
}

/** x W + b with W [in, out]. */
function conv1d(model: Model, name: string, x: string): string {
  const product = model.graph.node(name, 'MatMul', [x, weight(model, `${name}.weight`)]);
  return model.graph.node(name, 'Add', [product, weight(model, `${name}.bias`)]);
}

function norm(model: Model, name: string, x: string): string {
  const inputs = [x, weight(model, `${name}.weight`), weight(model, `${name}.bias`)];
  return model.graph.node(name, 'LayerNormalization', inputs, { axis: -1n, epsilon: model.config.layerNormEpsilon });
}

/** gelu: x Φ(x). gelu_new: its tanh form (Hendrycks & Gimpel 2016). */
function activation({ graph, config }: Model, label: string, x: string): string {
  const half = graph.node(label, 'Mul', [x, graph.float(0.5)]);
  const inner = config.activation === 'gelu' ? erfOf(graph, label, x) : tanhOf(graph, label, x);
  return graph.node(label, 'Mul', [half, graph.node(label, 'Add', [inner, graph.float(1)])]);
}

/** erf(x / √2) */
function erfOf(graph: DynamicGraph, label: string, x: string): string {
  return graph.node(label, 'Erf', [graph.node(label, 'Mul', [x, graph.float(Math.SQRT1_2)])]);
}

/** tanh(√(2/π) (x + 0.044715 x³)) */
function tanhOf(graph: DynamicGraph, label: string, x: string): string {
  const cube = graph.node(label, 'Mul', [graph.node(label, 'Mul', [x, x]), x]);
  const sum = graph.node(label, 'Add', [x, graph.node(label, 'Mul', [cube, graph.float(0.044715)])]);
  return graph.node(label, 'Tanh', [graph.node(label, 'Mul', [sum, graph.float(Math.sqrt(2 / Math.PI))])]);
}

/** 0 for keys that a query may see, else a large negative number: [B, 1, T, S]; query t stands at slot S − T + t. */
function scoreMask(graph: DynamicGraph, inputIds: string, attentionMask: string): string {
  const label = 'mask';
  const size = (of: string) =>
    graph.node(label, 'Gather', [graph.node(label, 'Shape', [of]), graph.int(1)], { axis: 0n });
  const total = size(attentionMask);
  const first = graph.node(label, 'Sub', [total, size(inputIds)]);
  const keys = graph.node(label, 'Range', [graph.int(0), total, graph.int(1)]); // [S]
  const queries = graph.node(label, 'Range', [first, total, graph.int(1)]); // [T]
  const column = graph.node(label, 'Unsqueeze', [queries, graph.ints(1)]); // [T, 1]
  const causal = graph.node(label, 'LessOrEqual', [keys, column]); // [T, S]
  const real = graph.node(label, 'Greater', [attentionMask, graph.int(0)]); // [B, S]
  const seen = graph.node(label, 'And', [causal, graph.node(label, 'Unsqueeze', [real, graph.ints(1, 2)])]);
  return graph.node(label, 'Where', [seen, graph.float(0), graph.float(MASKED)]); // [B, 1, T, S]
}

/** [B, T, C] → [B, H, T, D] */
function splitHeads({ graph, config }: Model, label: string, x: string): string {
  const { numHeads, width } = config;
  const apart = graph.node(label, 'Reshape', [x, graph.ints(0, 0, numHeads, width / numHeads)]);
  return graph.node(label, 'Transpose', [apart], { perm: [0n, 2n, 1n, 3n] });
}

function cacheSpec({ numHeads, width }: Gpt2OnnxConfig, length: string): DynamicSpec {
  return { dtype: 'float32', dims: [BATCH, numHeads, length, width / numHeads] };
}

function attention(model: Model, layer: number, x: string, mask: string): string {
  const { graph, config } = model;
  const name = `transformer.h.${layer}.attn`;
  const projected = conv1d(model, `${name}.c_attn`, x); // [B, T, 3C]
  const parts = graph.nodes(name, 'Split', [projected, graph.ints(config.width, config.width, config.width)], 3, {
    axis: 2n,
  });
  const [q = '', k = '', v = ''] = parts.map((part) => splitHeads(model, name, part));
  const [keys = '', values = ''] = Object.entries({ key: k, value: v }).map(([kind, fresh]) => {
    const past = graph.input(`past_key_values.${layer}.${kind}`, cacheSpec(config, PAST));
    const all = graph.node(name, 'Concat', [past, fresh], { axis: 2n }); // [B, H, S, D]
    graph.output(`present.${layer}.${kind}`, all, cacheSpec(config, TOTAL));
    return all;
  });
  const scale = graph.float(1 / Math.sqrt(config.width / config.numHeads));
  const turned = graph.node(name, 'Transpose', [keys], { perm: [0n, 1n, 3n, 2n] });
  const scores = graph.node(name, 'Mul', [graph.node(name, 'MatMul', [q, turned]), scale]); // [B, H, T, S]
  const probabilities = graph.node(name, 'Softmax', [graph.node(name, 'Add', [scores, mask])], { axis: -1n });
  const context = graph.node(name, 'MatMul', [probabilities, values]); // [B, H, T, D]
  const joined = graph.node(name, 'Transpose', [context], { perm: [0n, 2n, 1n, 3n] });
  return conv1d(model, `${name}.c_proj`, graph.node(name, 'Reshape', [joined, graph.ints(0, 0, config.width)]));
}

function block(model: Model, layer: number, x: string, mask: string): string {
  const { graph } = model;
  const name = `transformer.h.${layer}`;
  const attended = attention(model, layer, norm(model, `${name}.ln_1`, x), mask);
  const middle = graph.node(name, 'Add', [x, attended]);
  const inner = conv1d(model, `${name}.mlp.c_fc`, norm(model, `${name}.ln_2`, middle));
  const mlp = conv1d(model, `${name}.mlp.c_proj`, activation(model, `${name}.mlp`, inner));
  return graph.node(name, 'Add', [middle, mlp]);
}

/** hidden wteᵀ: a product that transposes as it goes, so that the table is held once. [B, T, C] → [B, T, V] */
function logits(model: Model, inputIds: string, hidden: string): string {
  const { graph, config } = model;
  const rows = graph.node('lm_head', 'Reshape', [hidden, graph.ints(-1, config.width)]);
  const scores = graph.node('lm_head', 'Gemm', [rows, weight(model, 'transformer.wte.weight')], { transB: 1n });
  const shape = graph.node(
    'lm_head',
    'Concat',
    [graph.node('lm_head', 'Shape', [inputIds]), graph.ints(config.vocabSize)],
    {
      axis: 0n,
    },
  );
  return graph.node('lm_head', 'Reshape', [scores, shape]);
}

/**
 * The bytes of the model file. Inputs: `input_ids` [B, T], `attention_mask` [B, P + T] (1 for real tokens), `position_ids`
 * [B, T], all int64, and for every layer past keys and values [B, H, P, D]; at the first call P is 0. Outputs: `logits` [B, T, V]
 * and for every layer present keys and values [B, H, P + T, D].
 * @throws OnnxTooLargeError @throws RangeError on a missing parameter
 */
export function exportGpt2Onnx(config: Gpt2OnnxConfig, weights: Weights): Uint8Array {
  const graph = new DynamicGraph('gpt2');
  const model: Model = { graph, config, weights };
  const inputIds = graph.input('input_ids', { dtype: 'int64', dims: [BATCH, TOKENS] });
  const attentionMask = graph.input('attention_mask', { dtype: 'int64', dims: [BATCH, TOTAL] });
  const positionIds = graph.input('position_ids', { dtype: 'int64', dims: [BATCH, TOKENS] });
  const words = graph.node('wte', 'Gather', [weight(model, 'transformer.wte.weight'), inputIds], { axis: 0n });
  const places = graph.node('wpe', 'Gather', [weight(model, 'transformer.wpe.weight'), positionIds], { axis: 0n });
  const mask = scoreMask(graph, inputIds, attentionMask);
  let hidden = graph.node('embedding', 'Add', [words, places]); // [B, T, C]
  for (let layer = 0; layer < config.numLayers; layer++) hidden = block(model, layer, hidden, mask);
  const scores = logits(model, inputIds, norm(model, 'transformer.ln_f', hidden));
  graph.output('logits', scores, { dtype: 'float32', dims: [BATCH, TOKENS, config.vocabSize] });
  return graph.finish(OPSET, IR_VERSION);
}
