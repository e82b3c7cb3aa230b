import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../config/errors.js';
import { loadConfig, presetNames } from '../../config/load.js';

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'debias-config-'));
}

function fileWith(text: string): string {
  const file = join(folder(), 'study.yaml');
  writeFileSync(file, text);
  return file;
}

function problemOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('expected a ConfigError');
}

describe('loadConfig', () => {
  test.each(presetNames())('resolves the preset %s', (preset) => {
    expect(loadConfig({ preset }).name).toBe(preset);
  });

  test('wants the folder of a chosen analyser, and takes it relative to the file that names it', () => {
    expect(problemOf(() => loadConfig({ preset: 'smoke', settings: ['explore.analyser=kiwi'] }))).toContain(
      "explore.kiwiModel: expected the folder of kiwi's model",
    );
    const file = fileWith('extends: smoke\nname: nouns\nexplore: { analyser: kiwi, kiwiModel: model }\n');
    expect(loadConfig({ file }).explore.kiwiModel).toBe(join(file, '..', 'model'));
  });

  test("thesis has the study's own numbers", () => {
    const { finetune, ppo, biasEval, vocabulary } = loadConfig({ preset: 'thesis' });
    expect(finetune).toMatchObject({
      epochs: 10,
      batchSize: 32,
      evaluationBatchSize: 64,
      warmupSteps: 500,
      evaluateEverySteps: 400,
      validationShare: 0.3,
    });
    expect(ppo).toMatchObject({
      episodes: 1280,
      batchSize: 128,
      responseTokens: 15,
      learningRate: 1.4e-5,
      clip: 0.2,
      klCoefficient: 0.1,
      gamma: 1,
      lambda: 0.95,
      epochs: [1, 2, 3, 4, 5],
    });
    expect([biasEval.repetitions, vocabulary.maxNewWords]).toEqual([5, 97]);
  });

  test('finds the files of further measures, and refuses two of one name', () => {
    const [words] = loadConfig({ preset: 'small' }).biasEval.measures;
    expect(words).toMatchObject({ name: 'words', kind: 'lexicon' });
    expect(existsSync(words!.source)).toBe(true);
    const twice = 'biasEval.measures=[{name: sentiment, kind: lexicon, source: words.yaml}]';
    expect(problemOf(() => loadConfig({ settings: [twice] }))).toContain('expected different names');
  });

  test('lets settings override the preset', () => {
    const { ppo, seed, finetune } = loadConfig({
      settings: ['ppo.epochs=1,3', 'seed=0..2', 'finetune.learningRate=2e-4'],
    });
    expect(ppo.epochs).toEqual([1, 3]);
    expect(seed).toEqual([0, 1, 2]);
    expect(finetune.learningRate).toBe(2e-4);
  });

  test('takes a single value for a list', () => {
    expect(loadConfig({ settings: ['ppo.epochs=4'] }).ppo.epochs).toEqual([4]);
  });

  test.each([
    ['ppo.epochs=', '(-S ppo.epochs=)'],
    ['ppo.epochs=1,,2', '(-S ppo.epochs=1,,2)'],
    ['ppo=1', '(-S ppo=1)'],
    ['ppo.epoch=1', '(-S ppo.epoch=1)'],
  ])('says of -S %s where it was said, and no line of the preset', (setting, place) => {
    const load = () => loadConfig({ preset: 'smoke', settings: ['seed=3', setting] });
    expect(load).toThrow(place);
    expect(load).not.toThrow('smoke.yaml');
  });

  test('names the nearest key for an unknown one', () => {
    expect(problemOf(() => loadConfig({ settings: ['ppo.epoch=1'] }))).toContain(
      'unknown key "ppo.epoch"; did you mean "ppo.epochs"?',
    );
    expect(problemOf(() => loadConfig({ settings: ['fintune.epochs=1'] }))).toContain('did you mean "finetune"?');
  });

  test('names the nearest preset for an unknown one', () => {
    expect(problemOf(() => loadConfig({ preset: 'smal' }))).toContain('did you mean "small"?');
  });

  test('says file and line of a wrong value', () => {
    const file = fileWith('extends: small\nname: mine\nfinetune:\n  epochs: many\n');
    expect(problemOf(() => loadConfig({ file }))).toContain(`finetune.epochs`);
    expect(problemOf(() => loadConfig({ file }))).toContain(`(${file}:4)`);
  });

  test('says file and line of an unknown key', () => {
    const file = fileWith('extends: small\nname: mine\nppo:\n  epochs: [1]\n  betta: 2\n');
    expect(problemOf(() => loadConfig({ file }))).toContain(`(${file}:5)`);
  });

  test('says the line of broken YAML', () => {
    expect(problemOf(() => loadConfig({ file: fileWith('name: mine\n  epochs: [1\n') }))).toMatch(/study\.yaml:\d/);
  });

  test('says so when the file is not there', () => {
    expect(problemOf(() => loadConfig({ file: join(folder(), 'absent.yaml') }))).toContain('is not there');
  });

  test('says so when a folder is named in place of a file', () => {
    const place = folder();
    expect(problemOf(() => loadConfig({ file: place }))).toBe(
      `${place}: expected a configuration file, got a folder; name a YAML file in it`,
    );
  });

  test('names the file whose aliases stand for too much, or for nothing', () => {
    const rows = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
    const bomb = fileWith(['a0: &a0 [x]', ...rows, ''].join('\n'));
    expect(problemOf(() => loadConfig({ file: bomb }))).toMatch(`${bomb}: expected few aliases`);
    const lost = fileWith('name: *nowhere\n');
    expect(problemOf(() => loadConfig({ file: lost }))).toMatch(lost);
  });

  test('refuses files that extend each other in a circle', () => {
    const place = folder();
    writeFileSync(join(place, 'a.yaml'), 'extends: b.yaml\n');
    writeFileSync(join(place, 'b.yaml'), 'extends: a.yaml\n');
    expect(problemOf(() => loadConfig({ file: join(place, 'a.yaml') }))).toContain('extends itself');
  });

  test('reads paths of a file relative to that file, and of settings relative to the working folder', () => {
    const file = fileWith('extends: small\nname: mine\ndata:\n  targets: my-targets.yaml\n');
    const config = loadConfig({ file, settings: ['data.prompts=my-prompts.yaml'] }, '/work-folder');
    expect(config.data.targets).toBe(join(file, '..', 'my-targets.yaml'));
    expect(config.data.prompts).toBe('/work-folder/my-prompts.yaml');
  });

  test('refuses a setting that is no assignment', () => {
    expect(problemOf(() => loadConfig({ settings: ['ppo.epochs'] }))).toContain('expected section.key=value');
  });
});
