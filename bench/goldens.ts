/**
 * Runs every case of reference numbers found under the folders named on the command line, and prints the largest
 * relative error of each group of tensors. Exit code 1 when one is above the tolerance, or when no case is found.
 *
 * Usage: npm run goldens -- DIR …
 */

import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { DeviceUnavailableError, parseDevice } from '../core/backends/index.js';
import type { Device } from '../core/backends/index.js';
import { readJson, readTensors } from './golden-case.js';
import type { CaseRunner, GroupError } from './golden-case.js';
import { runBertCase } from './goldens-bert.js';
import { runGpt2Case } from './goldens-gpt2.js';
import { klControllersGolden, ppoGolden } from './goldens-ppo.js';

/**
 * float32 against float64: a few thousand roundings of 6e-8 along the longest path. GPUs and TensorFlow.js take shorter
 * series for exp, tanh and erf.
 */
const toleranceOn = (device: Device): number => (device === 'cpu' ? 1e-4 : 1e-3);

interface FoundCase {
  readonly path: string;
  readonly run: CaseRunner;
}

/** What is where a folder was expected, by what reading it says. */
const notAFolder: Readonly<Record<string, string>> = { ENOENT: 'nothing', ENOTDIR: 'a file' };

/** Cases in a folder and below, sorted by path. A folder is known by what it holds, not by its name. */
async function findCases(folder: string): Promise<FoundCase[]> {
  const entries = await entriesOf(folder);
  const files = new Set(entries.filter((entry) => entry.isFile()).map((entry) => entry.name));
  const found: FoundCase[] = [];
  if (files.has('golden.json') && files.has('golden.safetensors'))
    found.push({ path: folder, run: await runnerOf(folder, files) });
  if (files.has('kl-controllers.json'))
    found.push({ path: path.join(folder, 'kl-controllers.json'), run: klControllersGolden });
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(folder, entry.name));
  for (const subfolder of below.sort()) found.push(...(await findCases(subfolder)));
  return found;
}

/** @throws RangeError where there is no folder */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const got = error instanceof Error && 'code' in error ? notAFolder[String(error.code)] : undefined;
    if (got === undefined) throw error;
    throw new RangeError(`${folder}: expected a folder with reference cases, got ${got}; npm run goldens -- DIR`);
  }
}

async function runnerOf(folder: string, files: ReadonlySet<string>): Promise<CaseRunner> {
  if (!files.has('config.json')) return ppoGolden;
  const config = await readJson(folder, 'config.json');
  const kind = typeof config === 'object' && config !== null && 'model_type' in config ? config.model_type : undefined;
  if (kind === 'gpt2') return 'logprobs' in (await readTensors(folder, 'golden.safetensors')) ? ppoGolden : runGpt2Case;
  if (kind === 'bert') return runBertCase;
  throw new RangeError(`${folder}/config.json: model_type: expected gpt2 or bert, got ${JSON.stringify(kind)}`);
}

async function errorsOf({ path: where, run }: FoundCase, device: Device): Promise<GroupError[]> {
  try {
    return await run(where, { device, threads: 1 });
  } catch (error) {
    if (error instanceof DeviceUnavailableError) throw error;
    process.stderr.write(`${where}: ${error instanceof Error ? error.message : String(error)}\n`);
    return [{ name: 'failed', error: Infinity }];
  }
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals: folders } = parseArgs({
    args: [...args],
    options: { device: { type: 'string', default: 'cpu' } },
    allowPositionals: true,
  });
  const device = parseDevice(values.device);
  const tolerance = toleranceOn(device);
  const cases = (await Promise.all(folders.map((folder) => findCases(path.resolve(folder))))).flat();
  if (cases.length === 0) {
    process.stderr.write(
      `goldens: expected a folder with reference cases, got ${folders.join(' ') || 'none'}; npm run goldens -- DIR\n`,
    );
    return 1;
  }
  let worst = 0;
  for (const found of cases) {
    process.stdout.write(`${found.path}\n`);
    for (const { name, error } of await errorsOf(found, device)) {
      process.stdout.write(
        `  ${error.toExponential(2).padStart(9)}  ${name}${error <= tolerance ? '' : `   ABOVE ${tolerance.toExponential(0)}`}\n`,
      );
      worst = Math.max(worst, Number.isNaN(error) ? Infinity : error);
    }
  }
  process.stdout.write(
    `largest relative error ${worst.toExponential(2)} over ${cases.length} cases, tolerance ${tolerance.toExponential(0)}\n`,
  );
  return worst <= tolerance ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`goldens: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
