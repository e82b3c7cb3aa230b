/** Resolves a study's configuration: defaults, preset, file, then `-S` settings; every mistake is named with its place. */

import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { LineCounter, isNode, parseDocument, type Document } from 'yaml';
import { ConfigError } from './errors.js';
import { nearest } from './nearest.js';
import { applySetting, isTree, mergeTrees, type ConfigTree } from './override.js';
import { absolutePaths } from './path-settings.js';
import { placeInSettings, problemsOf, type PlaceOf } from './problem-places.js';
import { programFile, programRoot } from './root.js';
import { configSchema, type StudyConfig } from './schema.js';
import { axisProblems, expandSweep, takeAxes } from './sweep.js';

/** What the user asked for: a preset or a file of their own, and settings on top. */
export interface ConfigRequest {
  readonly preset?: string;
  readonly file?: string;
  readonly settings?: readonly string[];
}

interface ConfigFile {
  readonly name: string;
  readonly tree: ConfigTree;
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

const DEFAULT_PRESET = 'small';

/** Names of the presets that come with the program. */
export function presetNames(): string[] {
  return readdirSync(programFile('config', 'presets'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))
    .sort();
}

function lineFinder(document: Document, counter: LineCounter): ConfigFile['lineOf'] {
  return (path) => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
    }
    return undefined;
  };
}

function textOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new ConfigError(file, ['this configuration file is not there; `debias config --list` names the presets']);
  if (stats.isDirectory())
    throw new ConfigError(file, ['expected a configuration file, got a folder; name a YAML file in it']);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(file, [`this configuration file cannot be read: ${messageOf(error)}`]);
  }
}

/** @throws ConfigError where aliases (`*name`) have no anchor, or stand for more values than any study has */
function treeOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new ConfigError(file, [
      `expected few aliases (\`*name\`), each after its anchor: ${messageOf(error)}; write the values out`,
    ]);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readConfigFile(file: string): ConfigFile {
  const counter = new LineCounter();
  const document = parseDocument(textOf(file), { lineCounter: counter, schema: 'core' });
  const mistake = document.errors[0];
  if (mistake)
    throw new ConfigError(`${file}:${counter.linePos(mistake.pos[0]).line}`, [
      mistake.message.split('\n')[0] ?? 'not valid YAML',
    ]);
  const tree = treeOf(document, file);
  if (!isTree(tree)) throw new ConfigError(file, ['expected keys and values (`section:` …) at the top level']);
  return { name: file, tree, lineOf: lineFinder(document, counter) };
}

function presetFile(name: string): string {
  const names = presetNames();
  if (names.includes(name)) return programFile('config', 'presets', `${name}.yaml`);
  const hint = nearest(name, names);
  throw new ConfigError('--preset', [
    `no preset "${name}"${hint ? `; did you mean "${hint}"?` : ''} (presets: ${names.join(', ')})`,
  ]);
}

/** The file and, before it, everything that it extends. */
function withAncestors(file: ConfigFile, seen: readonly string[] = []): ConfigFile[] {
  const { extends: parent } = file.tree;
  if (parent === undefined) return [file];
  if (typeof parent !== 'string')
    throw new ConfigError(`${file.name}: extends`, ['expected the name of a preset or a file']);
  const next = parent.endsWith('.yaml') ? resolve(dirname(file.name), parent) : presetFile(parent);
  if (seen.includes(next)) throw new ConfigError(`${file.name}: extends`, [`${next} extends itself`]);
  return [...withAncestors(readConfigFile(next), [...seen, next]), file];
}

/** Under `sweep:` by its whole path, or in its place. */
function placeInFile({ name, tree, lineOf }: ConfigFile): PlaceOf {
  return (path) => {
    const whole = path.map(String).join('.');
    const axis = Object.keys(isTree(tree.sweep) ? tree.sweep : {}).find((swept) => `${whole}.`.startsWith(`${swept}.`));
    const line = lineOf(axis === undefined ? path : ['sweep', axis]);
    return line === undefined ? undefined : `${name}:${line}`;
  };
}

/** Resolves and validates a configuration. @throws ConfigError that names file, line, key and the nearest known key. */
export function loadConfig(request: ConfigRequest, workingFolder: string = process.cwd()): StudyConfig {
  const file = request.file ? resolve(workingFolder, request.file) : presetFile(request.preset ?? DEFAULT_PRESET);
  const files = withAncestors(readConfigFile(file), [file]);
  const settings = absolutePaths((request.settings ?? []).reduce(applySetting, {}), workingFolder);
  if (settings.sweep !== undefined)
    throw new ConfigError('-S sweep', ['expected the setting itself with its values, such as -S ppo.clip=0.1,0.2']);
  // Paths of the program's presets are read from the program, those of a user's file from that file, those of `-S` from here.
  const trees = files.map(({ name, tree }) => {
    const { extends: _parent, ...own } = tree;
    const base = name.startsWith(programFile('config', 'presets')) ? programRoot : dirname(name);
    return absolutePaths(swept(own, name), base);
  });
  const merged = [...trees, settings].reduce(mergeTrees, {});
  const places = [...files.map(placeInFile), placeInSettings(request.settings ?? [])];
  const where = request.file ?? `preset ${request.preset ?? DEFAULT_PRESET}`;
  const scalars = takeAxes(merged, (tree) => configSchema.safeParse(tree).error?.issues ?? []);
  const parsed = configSchema.safeParse({ ...scalars.tree, sweep: scalars.axes });
  if (!parsed.success) throw new ConfigError(where, problemsOf(parsed.error, places));
  const problems = axisProblems(scalars, (tree) => {
    const point = configSchema.safeParse(tree);
    return point.success ? [] : problemsOf(point.error, places);
  });
  if (problems.length > 0) throw new ConfigError(where, problems);
  return parsed.data;
}

/** @throws ConfigError naming the file, where its `sweep:` cannot be read. */
function swept(tree: ConfigTree, file: string): ConfigTree {
  try {
    return expandSweep(tree);
  } catch (error) {
    throw new ConfigError(`${file}: sweep`, [messageOf(error)]);
  }
}
