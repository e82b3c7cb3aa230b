/** Every study of `examples/` and of docs/your-own-study.md runs from the command line to its report. */

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readEnvironment } from '../../config/environment.js';
import { findTemporal } from '../../infra/temporal-binary.js';
import { parseResults, SENTENCE_COLUMNS, type Results } from '../../core/report/index.js';
import { parseCsv } from '../../core/text/csv.js';
import { startHub } from '../infra/hub-server.js';
import { startCommand } from '../support/study-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const timeoutMs = 240_000;
const root = join(import.meta.dirname, '../..');
const example = (...parts: string[]): string => join(root, 'examples', ...parts);
let home = '';

beforeAll(async () => {
  home = await temporaryFolder();
});

async function succeed(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await startCommand(home, args, environment).ended;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  return { stdout, stderr };
}

function read(folder: string): { results: Results; rows: number; text: (name: string) => string } {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const [head, ...rows] = parseCsv(text('sentences.csv'));
  expect(head!.cells).toEqual([...SENTENCE_COLUMNS]);
  expect(text('report.html')).toContain('</html>');
  return { results: parseResults(text('results.json'), 'results.json'), rows: rows.length, text };
}

/** Enough to see every stage work; what the examples find takes them half a minute more. */
const small = ['finetune.epochs=1', 'sentiment.epochs=1', 'reward.epochs=1'].flatMap((setting) => ['-S', setting]);
const runOf = (name: string) => join(home, 'runs', name);

describe('debias run', () => {
  test(
    'studies English occupations from JSON lines and CSV, and leaves malformed rows out as asked',
    async () => {
      const folder = await temporaryFolder();
      const broken = join(folder, 'more.csv');
      writeFileSync(broken, 'text,date\n"The nurse was kind, I think.",2021-01-01\nno date\n');
      const source = `crawl.source={kind: files, files: [${example('english-occupations', 'forum.jsonl')}, ${example('english-occupations', 'letters.csv')}, ${broken}]}`;
      const study = [
        'run',
        '-c',
        example('english-occupations', 'study.yaml'),
        '-S',
        source,
        ...small,
        '--run',
        'english',
      ];
      const refused = await startCommand(home, study).ended;
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`${broken}:3: row: expected 2 fields (text, date), got 1`);
      const { stderr } = await succeed([...study, '--skip-bad-rows']);
      expect(stderr).toContain('left out 1 malformed rows');
      const { results, rows, text } = read(runOf('english'));
      expect(results.bias.baseline.keywords.map(({ keyword }) => keyword)).toContain('nurse');
      expect(results.bias.baseline.pairs!.pairs).toBe(45);
      expect(results.reward!.confusion!.flat().reduce((a, b) => a + b, 0)).toBe(results.reward!.n);
      expect(rows).toBe(2 * 10 * 2 * 5);
      expect(text('DATA_CARD.md')).toContain('1 rows of the given files were malformed');
      expect(text('DATA_CARD.md')).toMatch(/collected from forum \| 500 /);
      expect(text('MODEL_CARD.md')).toContain('language: "en"');
    },
    timeoutMs,
  );

  test(
    'takes one file of labelled sentences for texts and both classifiers, and no sentence for both of these',
    async () => {
      await succeed(['run', '-c', example('labelled-only', 'study.yaml'), ...small, '--run', 'labelled']);
      const { results } = read(runOf('labelled'));
      const { rewardLabels, sentimentLabels } = results.inputs!;
      expect(rewardLabels).not.toBe(sentimentLabels);
      const total = [results.reward!, results.measure!].reduce((sum, { n = 0, trained = 0 }) => sum + n + trained, 0);
      expect(total).toBeLessThanOrEqual(800);
    },
    timeoutMs,
  );
});

const tiny = join(root, 'fixtures/models/gpt2-tiny');

/** A hub with the tiny model, and what a command needs to fetch it into a cache of its own. */
async function hubWithTiny(): Promise<{ environment: Record<string, string>; close: () => Promise<void> }> {
  const hub = await startHub(
    Object.fromEntries(readdirSync(tiny).map((name) => [name, readFileSync(join(tiny, name))])),
  );
  // The Temporal program lies in the cache that the command is not to use here.
  const temporal = await findTemporal({ cacheFolder: readEnvironment().cacheFolder });
  const environment = {
    HF_ENDPOINT: hub.endpoint,
    XDG_CACHE_HOME: await temporaryFolder(),
    ...(temporal ? { TEMPORAL_BINARY: temporal.program } : {}),
  };
  return { environment, close: () => hub.close() };
}

/** The labelled sentences of the example, one malformed row after them. */
async function brokenLabels(): Promise<string> {
  const file = join(await temporaryFolder(), 'labels.csv');
  writeFileSync(file, `${readFileSync(example('measure-only', 'labels.csv'), 'utf8')}It rained,wet\n`);
  return file;
}

describe('debias measure', () => {
  test(
    'measures a GPT-2 folder without a crawl, and the same model from a hub with labels in CSV; compares the two',
    async () => {
      const folder = await temporaryFolder();
      mkdirSync(folder, { recursive: true });
      const measure = (model: string, labels: string, repetitions: number, scored: string, out: string) => [
        'measure',
        '--model',
        model,
        '--out',
        join(folder, out),
        '--targets',
        example('measure-only', 'targets.yaml'),
        '--prompts',
        example('measure-only', 'prompts.yaml'),
        '--sentiment-labels',
        labels,
        '--general-text',
        example('measure-only', 'general.txt'),
        '-S',
        `biasEval.repetitions=${repetitions}`,
        '-S',
        'biasEval.newTokens=8',
        '-S',
        'sentiment.epochs=1',
        '-S',
        `biasEval.scored=${scored}`,
      ];
      const labels = example('measure-only', 'labels.csv');
      const { stdout } = await succeed(measure(tiny, labels, 2, 'sentence', 'two'));
      expect(stdout).toMatch(/^keyword +group +n +score +95 % interval$/m);
      expect(stdout).toMatch(/^nurse +care and craft +4 +0\.\d{3}/m);
      const { results, rows, text } = read(join(folder, 'two'));
      expect(results).toMatchObject({ kind: 'measurement', ppo: [], best: null });
      expect(results.bias.baseline.quality.generalPerplexity).toBeGreaterThan(1);
      expect(text('sentences.csv')).toContain('"Honestly, an artist');
      expect(text('sentences.csv')).toContain('A nurse in our town');
      expect(results.reward).toBeUndefined();
      expect(Object.keys(results.bias.baseline.control!.distance)).toEqual(['care and craft', 'office and service']);
      expect(rows).toBe(10 * 2 * 2);
      const hub = await hubWithTiny();
      const other = measure('hf://org/small@v1', await brokenLabels(), 3, 'continuation', 'three');
      expect((await startCommand(home, other, hub.environment).ended).stderr).toContain(
        'labels.csv:402: label: expected one of negative, neutral, positive, got "wet"',
      );
      const { stderr } = await succeed([...other, '--skip-bad-rows'], hub.environment);
      await hub.close();
      expect(stderr).toContain('left out 1 malformed rows');
      const three = read(join(folder, 'three'));
      expect(three.text('DATA_CARD.md')).toContain('1 rows of the given files were malformed');
      expect(three.text('report.html')).toContain('1 malformed row of the given files was left out, as asked.');
      expect(three.results.inputs!.model).toBe(results.inputs!.model);
      // A classifier that never reads the prompt cannot be swayed by the keyword in it.
      expect(three.results.bias.baseline.control).toBeUndefined();
      const compared = await succeed(['compare', join(folder, 'two'), join(folder, 'three')]);
      expect(compared.stdout).toMatch(/biasEval\.repetitions +2 +3/);
      expect(compared.stdout).toMatch(/biasEval\.scored +"sentence" +"continuation"/);
      expect(compared.stdout).not.toContain('biasEval.newTokens');
      expect(compared.stdout).toMatch(/care and craft +20 /);
    },
    timeoutMs,
  );

  test('asks for labels where none come along for the language', async () => {
    const { code, stderr } = await startCommand(home, [
      'measure',
      '--model',
      tiny,
      '--targets',
      example('measure-only', 'targets.yaml'),
      '--prompts',
      example('measure-only', 'prompts.yaml'),
    ]).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('--sentiment-labels FILE');
  });
});
