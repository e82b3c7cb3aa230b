/** Writes what this program computes with an exported folder: node tests/interop/write-reference.mjs FOLDER FILE. */

import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { openExport } from '../../dist/cli/model-export.js';
import { readModelFolder } from '../../dist/cli/model-folder.js';
import { openSession } from '../../dist/core/backends/onnx/index.js';
import { createSampler } from '../../dist/core/generate/index.js';
import { Graph, program } from '../../dist/core/ir/index.js';
import { gpt2Hidden, lmLogits, parameterFeeds, parameterInputs, shapesOf } from '../../dist/core/nn/index.js';
import { gpt2ParameterSpecs } from '../../dist/core/nn/gpt2-parameters.js';
import { hostTensor } from '../../dist/core/tensor.js';
import { loadTokenizer } from '../../dist/core/text/tokenizer.js';

const texts = ['아파트는 정말 좋아요.', '강남구에 사는 사람들은', '빌라 & villa 12호', 'ㅋㅋ 그 동네 🙂'];
const newTokens = 10;

const [, , folder, file] = argv;
const { config, params, files } = openExport(readModelFolder(folder));
const tokenizer = loadTokenizer(files['tokenizer.json'], files['tokenizer_config.json']);

async function logitsOf(ids) {
  const graph = new Graph('reference');
  const parameters = parameterInputs(graph, shapesOf(gpt2ParameterSpecs(config)));
  const inputIds = graph.input('inputIds', 'int32', [1, ids.length]);
  const logits = lmLogits(parameters, gpt2Hidden(config, parameters, { inputIds }));
  const session = await openSession(program(graph, { outputs: { logits } }), { threads: 1 });
  const feeds = { ...parameterFeeds(params), inputIds: hostTensor('int32', [1, ids.length], Int32Array.from(ids)) };
  const result = await session.run(feeds);
  await session.release();
  return [...result.logits.data];
}

async function greedy(ids) {
  const sampler = await createSampler(config, {
    batch: 1,
    promptTokens: ids.length,
    newTokens,
    greedy: true,
    threads: 1,
  });
  const { tokens } = await sampler.sample(params, [ids]);
  await sampler.release();
  return tokens[0];
}

const cases = [];
for (const text of texts) {
  const ids = tokenizer.encode(text);
  cases.push({ text, ids, logits: await logitsOf(ids), greedy: await greedy(ids) });
}
writeFileSync(file, JSON.stringify({ vocabSize: config.vocabSize, cases }));
