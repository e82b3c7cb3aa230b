/** `debias compare`: what differs between finished runs, and what that changed, sentence by sentence. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DataFileError } from '../../config/errors.js';
import { readEnvironment } from '../../config/environment.js';
import {
  compareRuns,
  comparisonText,
  isPoint,
  parseResults,
  pointLabel,
  type ComparedRun,
  type ProbedSentence,
  type Results,
} from '../../core/report/index.js';
import { parseCsv } from '../../core/text/csv.js';
import { runFolder } from '../paths.js';
import { findRun } from '../run-record.js';
import { ReportMissingError } from './report.js';

export interface CompareOptions {
  readonly json?: boolean | undefined;
}

/** A run by its name, or the folder that holds its files. */
function folderOf(home: string, run: string): string {
  if (existsSync(join(run, 'results.json'))) return run;
  const { runId, command } = findRun(home, run);
  const folder = runFolder(home, runId);
  if (!existsSync(join(folder, 'results.json'))) throw new ReportMissingError(runId, command);
  return folder;
}

function readRunFile(folder: string, name: string): string {
  const file = join(folder, name);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  throw new DataFileError(
    file,
    'expected this file of the run, but it is not there; run the study once more to get it',
  );
}

/** The name in `sentences.csv` of the model that a run stands for. */
function modelOf({ kind, best }: Results): string {
  if (kind === 'measurement') return 'measured';
  return best ? `ppo ${pointLabel(best)}` : 'baseline';
}

/** Not so where nothing was mitigated, and where the recommended point had a fine-tuned model of its own. */
function startsFromBaseline({ best, ppo }: Results): boolean {
  return best !== null && ppo.find(isPoint(best))?.ownBaseline === undefined;
}

function readSentences(folder: string, model: string): ProbedSentence[] {
  const [head, ...rows] = parseCsv(readRunFile(folder, 'sentences.csv'));
  const column = (name: string): number => {
    const index = head?.cells.indexOf(name) ?? -1;
    if (index < 0) throw new DataFileError(join(folder, 'sentences.csv'), `expected a column ${name}, got none`, 1);
    return index;
  };
  const [own, group, keyword, promptIndex, repetition, prompt, text, score] = [
    'model',
    'group',
    'keyword',
    'prompt_index',
    'repetition',
    'prompt',
    'text',
    'sentiment',
  ].map(column);
  return rows.flatMap(({ cells }) =>
    cells[own!] === model
      ? [
          {
            group: cells[group!] ?? '',
            keyword: cells[keyword!] ?? '',
            promptIndex: Number(cells[promptIndex!]),
            repetition: Number(cells[repetition!]),
            prompt: cells[prompt!] ?? '',
            text: cells[text!] ?? '',
            score: Number(cells[score!]),
          },
        ]
      : [],
  );
}

function readRun(home: string, run: string): ComparedRun {
  const folder = folderOf(home, run);
  const results = parseResults(readRunFile(folder, 'results.json'), join(folder, 'results.json'));
  return {
    results,
    configuration: parse(readRunFile(folder, 'config.yaml')),
    sentences: readSentences(folder, modelOf(results)),
    ...(startsFromBaseline(results) ? { baseline: readSentences(folder, 'baseline') } : {}),
  };
}

export function compareFinishedRuns(first: string, others: readonly string[], options: CompareOptions): void {
  const { home } = readEnvironment();
  const comparison = compareRuns([first, ...others].map((run) => readRun(home, run)));
  process.stdout.write(`${options.json ? JSON.stringify(comparison, undefined, 2) : comparisonText(comparison)}\n`);
}
