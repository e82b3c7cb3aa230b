/** Imports point one way: who may import whom, in our own folders and among packages. */

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What a folder may import of ours, itself always included. The longest matching entry counts. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'core/tensor.ts': [],
  'core/half-precision.ts': [],
  'core/json-nesting.ts': [],
  'core/progress.ts': [],
  'core/random': [],
  'core/job-context.ts': ['core/checkpoint', 'core/progress.ts'],
  'core/ir': ['core/half-precision.ts', 'core/tensor.ts'],
  'core/autodiff': ['core/ir', 'core/tensor.ts'],
  'core/backends': ['core/ir', 'core/half-precision.ts', 'core/tensor.ts'],
  'core/checkpoint': ['core/half-precision.ts', 'core/json-nesting.ts', 'core/tensor.ts'],
  'core/nn': ['core/ir', 'core/autodiff', 'core/random', 'core/json-nesting.ts', 'core/tensor.ts'],
  'core/optim': ['core/ir', 'core/autodiff', 'core/nn', 'core/tensor.ts'],
  'core/train': [
    'core/ir',
    'core/autodiff',
    'core/backends',
    'core/nn',
    'core/optim',
    'core/random',
    'core/progress.ts',
    'core/tensor.ts',
  ],
  'core/generate': ['core/ir', 'core/backends', 'core/nn', 'core/train', 'core/random', 'core/tensor.ts'],
  'core/rl': [
    'core/ir',
    'core/autodiff',
    'core/backends',
    'core/nn',
    'core/optim',
    'core/train',
    'core/generate',
    'core/random',
    'core/progress.ts',
    'core/tensor.ts',
  ],
  'core/text': ['core/random', 'core/json-nesting.ts', 'core/tensor.ts'],
  'core/sources': ['core/text', 'core/progress.ts'],
  'core/bias': ['core/random'],
  'core/report': ['core/bias', 'core/random'],
  config: [],
  infra: ['core'],
  'infra/logger.ts': [],
  activities: ['core', 'config'],
  workflows: ['core', 'activities'],
  fixtures: ['core', 'config'],
  workers: ['core', 'config', 'infra', 'activities', 'workflows', 'fixtures'],
  bench: ['core', 'config'],
  cli: ['core', 'config', 'infra', 'activities', 'workflows', 'workers'],
};

/** Packages and built-in modules that only some places may import. */
const owners: readonly { readonly what: RegExp; readonly where: readonly string[] }[] = [
  { what: /^onnxruntime-node$/, where: ['core/backends/onnx'] },
  { what: /^@bufbuild\//, where: ['core/backends/onnx', 'core/text/sentencepiece-model.ts'] },
  { what: /^@temporalio\/workflow$/, where: ['workflows'] },
  { what: /^@temporalio\/activity$/, where: ['activities'] },
  { what: /^@temporalio\/worker$/, where: ['workers'] },
  { what: /^@temporalio\/client$/, where: ['cli', 'infra'] },
  { what: /^minio$/, where: ['infra'] },
  {
    what: /^node:(fs|fs\/promises|child_process|net|http|https|worker_threads)$/,
    where: ['cli', 'config', 'infra', 'workers', 'fixtures', 'bench'],
  },
];

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typesOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)';|^import\s+'([^']+)';|import\('([^']+)'\)/gm,
  );
  return [...statements].map(([, type, from, bare, dynamic]) => ({
    file,
    specifier: from ?? bare ?? dynamic ?? '',
    typesOnly: type !== undefined,
  }));
}

const folders = ['core', 'config', 'infra', 'activities', 'workflows', 'workers', 'cli', 'fixtures', 'bench'];
const files = folders.flatMap(sourceFiles);
const imports = files.flatMap(importsOf);

function isWithin(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

/** The entry of the table that speaks for a file. */
function ruleOf(file: string): string | undefined {
  return Object.keys(allowed)
    .filter((place) => isWithin(file, place))
    .toSorted((a, b) => b.length - a.length)[0];
}

function targetOf({ file, specifier }: Import): string {
  return relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts');
}

describe('imports', () => {
  test('are found', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(files.filter((file) => ruleOf(file) === undefined)).toEqual([]);
  });

  test('of our own files follow the layers', () => {
    const wrong = imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .filter((entry) => {
        const rule = ruleOf(entry.file) ?? '';
        const target = targetOf(entry);
        return !isWithin(target, rule) && !(allowed[rule] ?? []).some((place) => isWithin(target, place));
      });
    expect(wrong.map((entry) => `${entry.file} → ${targetOf(entry)}`)).toEqual([]);
  });

  test('of packages stay with their owners', () => {
    const wrong = imports.filter(({ file, specifier, typesOnly }) => {
      const owner = owners.find(({ what }) => what.test(specifier));
      return owner !== undefined && !typesOnly && !owner.where.some((place) => isWithin(file, place));
    });
    expect(wrong.map(({ file, specifier }) => `${file} → ${specifier}`)).toEqual([]);
  });

  test('of workflows touch activities and core as types only, and never Node', () => {
    const wrong = imports
      .filter(({ file }) => isWithin(file, 'workflows'))
      .filter((entry) => {
        const ours = entry.specifier.startsWith('.') && !isWithin(targetOf(entry), 'workflows');
        return (ours && !entry.typesOnly) || entry.specifier.startsWith('node:');
      });
    expect(wrong).toEqual([]);
  });
});

describe('the environment', () => {
  test('is read in one place', () => {
    const readers = files.filter((file) => /process\.env\b/.test(readFileSync(join(root, file), 'utf8')));
    expect(readers).toEqual(['config/environment.ts']);
  });
});

describe('the core', () => {
  test('knows neither the clock nor a random number of its own', () => {
    const users = files
      .filter((file) => isWithin(file, 'core'))
      .filter((file) =>
        /Math\.random\(|Date\.now\(|new Date\(\)|performance\.now\(/.test(readFileSync(join(root, file), 'utf8')),
      );
    expect(users).toEqual([]);
  });
});
