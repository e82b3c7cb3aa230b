import { test } from 'vitest';
import { fileURLToPath } from 'node:url';
import { gpt2Parameters, parseGpt2Config } from '../core/nn/index.js';
import { readJson, readTensors, int32, tensor } from '../bench/golden-case.js';
import { languageModelObjective } from '../core/train/language-model.js';
import { TrainingSession } from '../core/train/training-session.js';
import { trainingProgram } from '../core/train/training-program.js';
import { printGraph } from '../core/ir/print.js';
import { writeFileSync } from 'node:fs';
import { hostTensor } from '../core/tensor.js';
test('x', async () => {
  const folder = 'tests/goldens/gpt2';
  const config = parseGpt2Config(await readJson(folder, 'config.json'));
  const params = gpt2Parameters(config, await readTensors(folder, 'model.safetensors'));
  const golden = await readTensors(folder, 'golden.safetensors');
  const batches = int32(golden, 'train_batches');
  const [steps = 0, B = 0, T = 0] = batches.shape;
  for (const precision of ['float32','float16'] as const) for (const chunk of [10, 1]) for (const extra of [{}, {recompute: true}, {accumulationSteps: 2}]) {
    const adam = { beta1: .9, beta2: .999, epsilon: 1e-8, epsilonForm: 'torch' as const };
    const session = new TrainingSession(languageModelObjective(config), { batchSize: B, schedule: { peakLr: 0.005, warmupSteps: 4, totalSteps: 12 }, adam, weightDecay: .01, clipNorm: 1, threads: 1, precision, ...extra }, { params });
    const feeds = Array.from({ length: steps }, (_, i) => { const ids = hostTensor('int32', [B, T], batches.data.slice(i*B*T, (i+1)*B*T)); return { inputIds: ids, labels: ids }; });
    const losses: number[] = [], norms: number[] = [], scales: number[] = [];
    for (let i = 0; i < steps; i += chunk) { const r = await session.run(feeds.slice(i, i + chunk), T, i); losses.push(...r.losses); norms.push(...r.gradientNorms); scales.push(...r.lossScales); }
    const g = tensor(golden, 'train_losses').data, gn = tensor(golden, 'train_grad_norms').data;
    console.log(precision, chunk, JSON.stringify(extra), 'loss err', Math.max(...losses.map((l, i) => Math.abs(l - Number(g[i]))/Number(g[i]))), 'norm err', Math.max(...norms.map((l, i) => Math.abs(l - Number(gn[i]))/Number(gn[i]))), losses.slice(-2), scales.slice(-2));
    await session.release();
    if (precision === 'float16' && chunk === 1) { const p = trainingProgram(languageModelObjective(config), { batchSize: B, tokens: T, stepsPerRun: 1, adam, weightDecay: .01, clipNorm: 1, precision, ...extra }); writeFileSync('/work/tmp-c/graph.txt', printGraph(p.graph, p.results)); }
  }
});
