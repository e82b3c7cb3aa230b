/** A sweep over sources and over what cleaning keeps, from the command line to its results: real stages on a real server. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseResults } from '../../core/report/index.js';
import { startCommand } from '../support/study-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const small = [
  'ppo.epochs=1',
  'ppo.episodes=8',
  'sentiment.epochs=1',
  'reward.epochs=1',
  'vocabulary.maxNewWords=0',
  'biasEval.newTokens=3',
  'biasEval.bootstrapSamples=20',
];

test('run sweeps sources, each with texts and a baseline of its own, and names the points that have no text left', async () => {
  const home = await temporaryFolder();
  const swept = ['crawl.source.bias=none,planted', 'clean.minCharacters=8,1900'];
  const settings = [...small, ...swept].flatMap((setting) => ['-S', setting]);
  const { code, stdout, stderr } = await startCommand(home, ['run', '--preset', 'smoke', '--run', 'swept', ...settings])
    .ended;
  expect(code).toBe(3);
  expect(stderr).toContain('2 sweep points have no result');
  expect(stdout).toMatch(
    /missing: epochs 1, seed 0, bias planted, minCharacters 1900: .*expected texts that name a target/,
  );

  const file = join(home, 'runs', 'swept', 'results.json');
  const { groups, ppo, best, bias, missing } = parseResults(readFileSync(file, 'utf8'), file);
  expect(groups?.map(({ label }) => label)).toEqual(['bias=none minCharacters=8', 'bias=planted minCharacters=8']);
  expect(missing).toHaveLength(2);
  // Where every keyword has the same share, the planted truth is one figure; each group is judged by its own.
  const shares = groups?.map(({ baseline }) => new Set(baseline.keywords.map(({ planted }) => planted)).size);
  expect(shares?.[0]).toBe(1);
  expect(shares?.[1]).toBeGreaterThan(5);
  const own = groups?.find(({ label }) => label === ppo.find((point) => point.label === best?.label)?.group);
  expect(bias.baseline.distance).toEqual(own?.baseline.distance);
  expect(ppo.filter(({ ownBaseline }) => ownBaseline !== undefined)).toHaveLength(1);
}, 300_000);
