/** The whole of `debias export` but the study before it: results name models in a store, files come out. */

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession } from 'onnxruntime-node';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { exportModel } from '../../cli/commands/export.js';
import { readModelFolder } from '../../cli/model-folder.js';
import { runFolder } from '../../cli/paths.js';
import { UnknownRunError, writeRunRecord, type RunRecord } from '../../cli/run-record.js';
import { putFolder } from '../../core/checkpoint/index.js';
import { readSafetensors } from '../../core/checkpoint/safetensors.js';
import type { Results } from '../../core/report/index.js';
import { createEmbeddedStore } from '../../infra/embedded-store.js';
import { syntheticResults } from '../core/report/synthetic-input.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A record as `debias run` and `debias measure` leave it. */
function noteRun(home: string, runId: string, record: Partial<RunRecord>): void {
  writeRunRecord(home, {
    runId,
    preset: 'p',
    startedAt: '2026-01-01',
    state: 'completed',
    command: 'npx debias run',
    ...record,
  });
}

function noteFiles(home: string, runId: string, results: Partial<Results>): void {
  mkdirSync(runFolder(home, runId), { recursive: true });
  writeFileSync(join(runFolder(home, runId), 'results.json'), JSON.stringify({ ...syntheticResults(), ...results }));
  writeFileSync(join(runFolder(home, runId), 'report.html'), '');
}

/** Finished, and newer than any other. */
function noteMeasurement(home: string): void {
  noteRun(home, 'm1', { startedAt: '2026-01-02', command: 'npx debias measure --model DIR' });
  noteFiles(home, 'm1', { run: 'm1', kind: 'measurement' });
}

const modelFolder = (name: string) => fileURLToPath(new URL(name, import.meta.url));

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A data folder with one finished run, whose baseline is laid out as KoGPT-2 and whose policy is a fixture. */
async function dataFolder({ withModels = true } = {}): Promise<string> {
  const home = await temporaryFolder();
  const store = createEmbeddedStore({ folder: join(home, 'store') });
  const baseline = await putFolder(store, readModelFolder(modelFolder('model-folders/kogpt2')));
  const policy = await putFolder(store, readModelFolder(modelFolder('../../fixtures/models/gpt2-tiny')));
  const results = syntheticResults();
  const ppo = results.ppo.map(({ epochs, seed }) => ({ epochs, seed, model: policy }));
  const models = withModels ? { models: { language: 'ko', baseline, ppo } } : {};
  noteRun(home, 'r1', {});
  noteFiles(home, 'r1', models);
  vi.stubEnv('DEBIAS_HOME', home);
  vi.stubEnv('MINIO_ENDPOINT', '');
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return join(home, 'out');
}

const json = (...path: string[]): Record<string, unknown> => JSON.parse(readFileSync(join(...path), 'utf8'));

describe('exportModel', () => {
  test('exportModel writes a folder as Transformers reads it', async () => {
    const out = await dataFolder();
    await exportModel('r1', out, { to: 'hf', baseline: true });
    expect(readdirSync(out).toSorted()).toEqual([
      'README.md',
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    expect(json(out, 'config.json')).toMatchObject({ model_type: 'gpt2', torch_dtype: 'float32', n_layer: 2 });
    expect(json(out, 'generation_config.json')).toMatchObject({ bos_token_id: 0, eos_token_id: 1, pad_token_id: 2 });
    expect(json(out, 'tokenizer_config.json')).toMatchObject({
      bos_token: '<s>',
      eos_token: '</s>',
      pad_token: '<pad>',
    });
    const { tensors, metadata } = readSafetensors(readFileSync(join(out, 'model.safetensors')));
    expect(metadata).toEqual({ format: 'pt' });
    expect(new Set(Object.values(tensors).map(({ dtype }) => dtype))).toEqual(new Set(['float32']));
    const [, header = '', body = ''] = readFileSync(join(out, 'README.md'), 'utf8').split(/^---$/m);
    expect(parse(header)).toMatchObject({
      language: 'ko',
      library_name: 'transformers',
      pipeline_tag: 'text-generation',
    });
    expect(body).toContain('fine-tuned, before PPO');
  });

  test('exportModel writes an ONNX file with a cache beside what transformers.js needs, of the recommended point', async () => {
    const out = await dataFolder();
    await exportModel('newest', out, { to: 'onnx' });
    expect(existsSync(join(out, 'tokenizer.json')) && existsSync(join(out, 'config.json'))).toBe(true);
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('PPO with 1 epoch, seed 0');
    const session = await InferenceSession.create(join(out, 'onnx/model.onnx'), { logSeverityLevel: 4 });
    expect(session.inputNames).toContain('past_key_values.1.value');
    expect(session.outputNames).toContain('present.1.value');
    await session.release();
  });

  test('exportModel writes the point that is asked for', async () => {
    const out = await dataFolder();
    await exportModel('r1', out, { to: 'hf', point: 'epochs=3' });
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('PPO with 3 epochs, seed 0');
  });

  test('exportModel says what it cannot follow', async () => {
    const out = await dataFolder();
    const failure = (options: Partial<Parameters<typeof exportModel>[2]>, run = 'r1') =>
      exportModel(run, out, { to: 'hf', ...options });
    await expect(failure({ to: 'gguf' })).rejects.toThrow('--to: expected hf or onnx, got "gguf"');
    await expect(failure({ point: 'epochs=9' })).rejects.toThrow('--point: expected one of epochs=1,seed=0 |');
    await expect(failure({ point: 'best' })).rejects.toThrow('epochs=NUMBER,seed=NUMBER');
    await expect(failure({ point: 'epochs=1', baseline: true })).rejects.toThrow('no --point beside it');
    await expect(failure({}, 'r2')).rejects.toThrow('no run "r2"');
    mkdirSync(out);
    writeFileSync(join(out, 'mine.txt'), '');
    await expect(failure({})).rejects.toThrow('a new or empty folder');
  });

  test('exportModel says that a file is no folder to write to', async () => {
    const file = await dataFolder();
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')])
      await expect(exportModel('r1', path, { to: 'hf' })).rejects.toThrow(
        `export: FOLDER: expected a new or empty folder, got ${path}, which is a file or lies below one`,
      );
  });

  test('exportModel takes the newest study, whatever was measured since', async () => {
    const out = await dataFolder();
    noteMeasurement(dirname(out));
    await exportModel('newest', out, { to: 'hf', baseline: true });
    expect(process.stdout.write).toHaveBeenCalledWith(`baseline of r1 → ${out}\n`);
  });

  test('exportModel says that a measurement writes no model, and what to name instead', async () => {
    const out = await dataFolder();
    noteMeasurement(dirname(out));
    noteRun(dirname(out), 'm2', { state: 'running', command: 'npx debias measure --model DIR' });
    noteRun(dirname(out), 'm3', {});
    noteFiles(dirname(out), 'm3', { run: 'm3', kind: 'measurement' });
    for (const run of ['m1', 'm2', 'm3'])
      await expect(exportModel(run, out, { to: 'hf' })).rejects.toThrow(
        `export: RUN: expected the run of a study, got ${run}, a measurement, which writes no model; ` +
          'name a run of `debias run`, or `newest` for the newest one',
      );
  });

  test('exportModel says that there is no study where there is no run, or measurements alone', async () => {
    const home = await temporaryFolder();
    vi.stubEnv('DEBIAS_HOME', home);
    await expect(exportModel('newest', join(home, 'out'), { to: 'hf' })).rejects.toThrow(UnknownRunError);
    noteMeasurement(home);
    await expect(exportModel('newest', join(home, 'out'), { to: 'hf' })).rejects.toThrow(
      'export: RUN: expected newest to find the run of a study, got measurements alone, which write no model: m1; ' +
        'start a study with `debias run`',
    );
  });

  test('exportModel says how to have the models of a run that is older', async () => {
    const out = await dataFolder({ withModels: false });
    await expect(exportModel('r1', out, { to: 'hf' })).rejects.toThrow('run its command again');
  });
});
