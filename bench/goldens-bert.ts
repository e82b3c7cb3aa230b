/** The bert case: classifier logits, loss and gradients with padding and token types. */

import { gradients } from '../core/autodiff/index.js';
import { openSession } from '../core/backends/index.js';
import { Graph, program } from '../core/ir/index.js';
import {
  bertLogits,
  bertParameters,
  bertParameterSpecs,
  crossEntropy,
  parameter,
  parameterFeeds,
  parameterInputs,
  parseBertConfig,
  shapesOf,
} from '../core/nn/index.js';
import { groupError, int32, oneThread, readJson, readTensors, relativeError, tensor } from './golden-case.js';
import type { CaseRunner, Tensors } from './golden-case.js';

export const runBertCase: CaseRunner = async (folder, runtime = oneThread) => {
  const config = parseBertConfig(await readJson(folder, 'config.json'));
  const params = bertParameters(config, await readTensors(folder, 'model.safetensors'));
  const golden = await readTensors(folder, 'golden.safetensors');
  const feeds = {
    ids: int32(golden, 'input_ids'),
    mask: int32(golden, 'attention_mask'),
    types: int32(golden, 'token_type_ids'),
    labels: int32(golden, 'labels'),
  };
  const graph = new Graph('golden.bert');
  const parameters = parameterInputs(graph, shapesOf(bertParameterSpecs(config)));
  const inputIds = graph.input('ids', 'int32', feeds.ids.shape);
  const attentionMask = graph.input('mask', 'int32', feeds.mask.shape);
  const tokenTypeIds = graph.input('types', 'int32', feeds.types.shape);
  const labels = graph.input('labels', 'int32', feeds.labels.shape);
  const logits = bertLogits(config, parameters, { inputIds, attentionMask, tokenTypeIds });
  const loss = crossEntropy(logits, labels).mean;
  const names = Object.keys(params);
  const wrt = gradients(
    loss,
    names.map((name) => parameter(parameters, name)),
  );
  const outputs = { logits, loss, ...Object.fromEntries(names.map((name, i) => [`grad:${name}`, wrt[i]!])) };
  const session = await openSession(program(graph, { outputs }), runtime);
  const result: Tensors = await session.run({ ...parameterFeeds(params), ...feeds });
  await session.release();
  const grads = Object.fromEntries(names.map((name) => [name, tensor(result, `grad:${name}`)]));
  return [
    { name: 'logits', error: relativeError(tensor(result, 'logits'), tensor(golden, 'logits')) },
    { name: 'loss', error: relativeError(tensor(result, 'loss'), tensor(golden, 'loss')) },
    groupError('grad.*', grads, golden, 'grad.'),
  ];
};
