import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openSession } from '../../../core/backends/onnx/index.js';
import { readSafetensors } from '../../../core/checkpoint/safetensors.js';
import { Graph, program } from '../../../core/ir/index.js';
import { crossEntropy, gpt2Hidden, gpt2Parameters, gpt2ParameterSpecs, lmLogits, nextTokenTargets, parameterFeeds, parameterInputs, parseGpt2Config, shapesOf } from '../../../core/nn/index.js';
import { hostTensor } from '../../../core/tensor.js';

const folder = new URL('../../goldens/gpt2/', import.meta.url);

test('gpt2Hidden and lmLogits give the reference values under left padding', async () => {
  const config = parseGpt2Config(JSON.parse(await readFile(new URL('config.json', folder), 'utf8')));
  const params = gpt2Parameters(config, readSafetensors(await readFile(new URL('model.safetensors', folder))).tensors);
  const golden = readSafetensors(await readFile(new URL('golden.safetensors', folder))).tensors;
  const ints = (n: string) => hostTensor('int32', golden[n]!.shape, Int32Array.from(golden[n]!.data, Number));
  const graph = new Graph('forward');
  const p = parameterInputs(graph, shapesOf(gpt2ParameterSpecs(config)));
  const inputIds = graph.input('ids', 'int32', golden['input_ids']!.shape);
  const attentionMask = graph.input('mask', 'int32', golden['input_ids']!.shape);
  const labels = graph.input('labels', 'int32', golden['input_ids']!.shape);
  const hidden = gpt2Hidden(config, p, { inputIds, attentionMask });
  const logits = lmLogits(p, hidden);
  const loss = crossEntropy(logits, nextTokenTargets(labels)).mean;
  const session = await openSession(program(graph, { outputs: { hidden, logits, loss } }), { device: 'cpu', threads: 1 });
  const out = await session.run({ ...parameterFeeds(params), ids: ints('input_ids'), mask: ints('attention_mask'), labels: ints('labels') });
  console.log(out['loss']!.data, golden['loss']!.data);
  const err = (a: any, b: any) => { let e = 0; for (let i = 0; i < a.length; i++) e = Math.max(e, Math.abs(a[i] - b[i])); return e; };
  console.log(err(out['logits']!.data, golden['logits']!.data), err(out['hidden']!.data, golden['last_hidden']!.data));
  for (let r = 0; r < 4; r++) { const row: string[] = []; for (let t = 0; t < 17; t++) row.push(err(out['hidden']!.data.slice((r*17+t)*32,(r*17+t+1)*32), golden['last_hidden']!.data.slice((r*17+t)*32,(r*17+t+1)*32)).toExponential(0)); console.log(row.join(' ')); }
  expect(1).toBe(1);
});
