/** Times training, generation, PPO or scoring on a fixed shape with random weights, in this process. */

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { parseDevice, precisions, requirePrecision } from '../core/backends/index.js';
import type { Device } from '../core/backends/index.js';
import { gemmPeak } from './works/gemm-peak.js';
import { generateWork } from './works/generate.js';
import { opTimes } from './works/op-times.js';
import { ppoWork } from './works/ppo.js';
import { scoreWork } from './works/score.js';
import { shapeNames, shapes } from './works/shapes.js';
import type { WorkShape } from './works/shapes.js';
import { trainWork } from './works/train.js';
import type { MakeWork, Work } from './works/work.js';

const works = { train: trainWork, generate: generateWork, ppo: ppoWork, score: scoreWork } satisfies Record<
  string,
  MakeWork
>;
const workNames = Object.keys(works) as (keyof typeof works)[];

interface Options {
  readonly work: keyof typeof works;
  readonly shape: (typeof shapeNames)[number];
  readonly repeat: number;
  readonly threads: number;
  /** Other jobs work on the same cores: waiting threads sleep. Otherwise they spin. */
  readonly shared: boolean;
  readonly json: boolean;
  readonly profile: boolean;
  readonly device: Device;
  /** What of the shape the command changes. */
  readonly changes: Partial<WorkShape>;
}

/** @throws RangeError naming the option, what it takes and what it got */
function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      work: { type: 'string', default: 'train' },
      shape: { type: 'string', default: 'small' },
      repeat: { type: 'string', default: '8' },
      threads: { type: 'string', default: '2' },
      shared: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      batch: { type: 'string' },
      tokens: { type: 'string' },
      steps: { type: 'string' },
      layers: { type: 'string' },
      width: { type: 'string' },
      vocabulary: { type: 'string' },
      accumulate: { type: 'string' },
      recompute: { type: 'boolean' },
      precision: { type: 'string' },
      device: { type: 'string', default: 'cpu' },
    },
  });
  return {
    ...values,
    work: oneOf('work', workNames, values.work),
    shape: oneOf('shape', shapeNames, values.shape),
    repeat: count('repeat', values.repeat),
    threads: count('threads', values.threads),
    device: parseDevice(values.device),
    changes: changesOf(values),
  };
}

const changeable = {
  batch: 'batchSize',
  tokens: 'tokens',
  steps: 'stepsPerRun',
  layers: 'numLayers',
  width: 'width',
  vocabulary: 'vocabSize',
  accumulate: 'accumulationSteps',
} satisfies Record<string, keyof WorkShape>;

function changesOf(given: Readonly<Record<string, string | boolean | undefined>>): Partial<WorkShape> {
  const numbers = Object.entries(changeable).flatMap(([option, name]) => {
    const value = given[option];
    return typeof value === 'string' ? [[name, count(option, value)] as const] : [];
  });
  const { precision } = given;
  return {
    ...Object.fromEntries(numbers),
    ...(given['recompute'] === true ? { recompute: true } : {}),
    ...(typeof precision === 'string' ? { precision: oneOf('precision', precisions, precision) } : {}),
  };
}

function oneOf<T extends string>(option: string, allowed: readonly T[], given: string): T {
  const found = allowed.find((name) => name === given);
  if (found === undefined) throw new RangeError(`--${option}: expected ${allowed.join(', ')}, got ${given}`);
  return found;
}

function count(option: string, given: string): number {
  const number = Number(given);
  if (!Number.isInteger(number) || number < 1)
    throw new RangeError(`--${option}: expected a whole number from 1, got ${given}`);
  return number;
}

interface Times {
  readonly wall: readonly number[];
  /** Processor seconds of all threads. */
  readonly processor: readonly number[];
}

/** Seconds of each unit of work after the first run, which warms up; ascending. */
async function timed(work: Work, repeat: number): Promise<Times> {
  const laps: { wall: number; processor: number }[] = [];
  let last = performance.now();
  let spent = process.cpuUsage();
  await work.repeat(repeat + 1, (units) => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(spent);
    laps.push({ wall: (now - last) / 1000 / units, processor: (user + system) / 1e6 / units });
    spent = process.cpuUsage();
    last = performance.now();
  });
  const ascending = (times: number[]) => times.sort((a, b) => a - b);
  const counted = laps.slice(1);
  return {
    wall: ascending(counted.map(({ wall }) => wall)),
    processor: ascending(counted.map(({ processor }) => processor)),
  };
}

const median = (ascending: readonly number[]): number => ascending[Math.floor(ascending.length / 2)] ?? NaN;
const smallest = (ascending: readonly number[]): number => ascending[0] ?? NaN;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const { threads, shared, repeat, shape, profile, device, changes } = options;
  const runtime = { threads, spin: !shared, device };
  await requirePrecision(device, changes.precision ?? 'float32');
  const folder = profile ? await mkdtemp(path.join(tmpdir(), 'profile-')) : undefined;
  const started = performance.now();
  const work = await works[options.work](
    { ...shapes[shape], ...changes },
    folder === undefined ? runtime : { ...runtime, profilePrefix: path.join(folder, 'run') },
  );
  const setUp = (performance.now() - started) / 1000;
  const { wall, processor } = await timed(work, repeat);
  await work.release();
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const peakFlops = await gemmPeak(runtime);
  const result = {
    work: options.work,
    shape,
    device,
    precision: changes.precision ?? 'float32',
    threads,
    spin: shared ? 'no' : 'yes',
    seconds_min: smallest(wall),
    seconds_median: median(wall),
    processor_seconds_min: smallest(processor),
    unit: work.unit,
    per_second: work.count / smallest(wall),
    gflops: work.flops / smallest(wall) / 1e9,
    gemm_peak_gflops: peakFlops / 1e9,
    share_of_peak: work.flops / smallest(wall) / peakFlops,
    peak_memory_bytes: peakBytes,
    set_up_seconds: setUp,
  };
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${text(result)}\n`);
  if (folder !== undefined) await printProfile(folder);
}

function text(result: Readonly<Record<string, string | number>>): string {
  return Object.entries(result)
    .map(
      ([name, value]) => `${name.replaceAll('_', ' ').padEnd(22)} ${typeof value === 'number' ? shown(value) : value}`,
    )
    .join('\n');
}

const shown = (value: number): string => (value >= 1000 ? value.toFixed(0) : value.toPrecision(4));

async function printProfile(folder: string): Promise<void> {
  const ops = await opTimes(folder);
  const total = ops.reduce((sum, { seconds }) => sum + seconds, 0);
  for (const { op, seconds, calls } of ops) {
    process.stdout.write(
      `${op.padEnd(24)} ${((100 * seconds) / total).toFixed(1).padStart(5)} %  ${seconds.toFixed(3).padStart(8)} s  ${calls} calls\n`,
    );
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
