import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { prepareMeasurement, type MeasurementFiles } from '../../cli/prepare-measurement.js';
import { loadMeasuring } from '../../config/measuring.js';
import { fetchHubModel } from '../../infra/hub.js';
import { startHub } from '../infra/hub-server.js';
import { createMemoryStore } from '../support/memory-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folderOf = (name: string) => fileURLToPath(new URL(`./model-folders/${name}`, import.meta.url));
const example = (name: string) => fileURLToPath(new URL(`../../examples/measure-only/${name}`, import.meta.url));
const files: MeasurementFiles = {
  model: folderOf('kogpt2'),
  targets: example('targets.yaml'),
  prompts: example('prompts.yaml'),
};

const filesIn = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));

async function prepared(sentimentModel: string, fetchModel: (source: string) => Promise<string>) {
  const services = { fetchModel, onSkipped: () => {} };
  return prepareMeasurement(createMemoryStore(), loadMeasuring([]), { ...files, sentimentModel }, services);
}

describe('prepareMeasurement', () => {
  test('takes a classifier from a hub, the same as from its folder', async ({ onTestFinished }) => {
    const hub = await startHub(filesIn(folderOf('sentiment')));
    onTestFinished(() => hub.close());
    const settings = { endpoint: hub.endpoint, proxy: {}, cacheFolder: await temporaryFolder(), onProgress: () => {} };
    const fetched = await prepared('hf://org/small@main', (source) => fetchHubModel(source, settings));
    expect(hub.asked.some(({ path }) => path.endsWith('/pytorch_model.bin'))).toBe(true);
    const own = await prepared(folderOf('sentiment'), (source) => Promise.reject(new Error(`${source} was asked for`)));
    expect(fetched.classifier).toEqual(own.classifier);
    expect(fetched.classifier.kind).toBe('model');
  });

  test('names the option whose folder lacks a file', async () => {
    const nowhere = join(await temporaryFolder(), 'nothing');
    await expect(prepared(nowhere, (source) => Promise.reject(new Error(source)))).rejects.toThrow(
      /^--sentiment-model: /,
    );
  });
});
