/** `debias export`: writes a model of a finished run as a folder that other programs load. */

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readEnvironment } from '../../config/environment.js';
import { getFolder, type FolderRef } from '../../core/checkpoint/index.js';
import {
  isPoint,
  modelCard,
  parseResults,
  pointLabel,
  pointOf,
  type Results,
  type SweepPoint,
} from '../../core/report/index.js';
import { hasCode } from '../../infra/durable-file.js';
import { openStore } from '../../infra/open-store.js';
import { exportForms, isExportForm, openExport, parameterCount, type ExportForm } from '../model-export.js';
import { findRun, listRuns, UnknownRunError, type RunRecord } from '../run-record.js';
import { finishedRunFolder } from './report.js';

export interface ExportOptions {
  readonly to: string;
  readonly point?: string | undefined;
  readonly baseline?: boolean | undefined;
}

/** An option of `debias export` that cannot be followed. */
export class ExportOptionError extends Error {
  override readonly name = 'ExportOptionError';
  constructor(
    readonly option: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`export: ${option}: expected ${expected}, got ${got}`);
  }
}

interface Chosen {
  readonly model: FolderRef;
  /** None for the fine-tuned model. */
  readonly point?: SweepPoint;
}

const showPoint = (point: SweepPoint) => pointLabel(point).replaceAll(' ', ',');

/** `epochs=1,seed=0,klCoefficient=0.1`; what is not needed to tell points apart may be left out. */
function parsePoint(text: string): (point: SweepPoint) => boolean {
  const wanted = text.split(',').map((part) => part.trim());
  if (!wanted.every((part) => /^[A-Za-z.]+=[^=]+$/.test(part)))
    throw new ExportOptionError('--point', 'epochs=NUMBER,seed=NUMBER', JSON.stringify(text));
  return (point) => {
    const own = pointLabel(point).split(' ');
    return wanted.every((part) => own.includes(part));
  };
}

function isRecommended(best: Results['best']): (point: SweepPoint) => boolean {
  return best ? isPoint(best) : () => false;
}

function measurementError(run: string): ExportOptionError {
  return new ExportOptionError(
    'RUN',
    'the run of a study',
    `${run}, a measurement, which writes no model; name a run of \`debias run\`, or \`newest\` for the newest one`,
  );
}

/** The model that the options name, else the recommended one. @throws ExportOptionError */
export function chooseModel({ kind, run, models, best }: Results, { point, baseline }: ExportOptions): Chosen {
  if (kind === 'measurement') throw measurementError(run);
  if (!models)
    throw new ExportOptionError(
      'RUN',
      'a run whose results name its models',
      `${run}; run its command again to have them`,
    );
  if (baseline && point !== undefined) throw new ExportOptionError('--baseline', 'no --point beside it', point);
  if (baseline) return { model: models.baseline };
  const fits = models.ppo.filter(point === undefined ? isRecommended(best) : parsePoint(point));
  const [found] = fits;
  if (found && fits.length === 1) return { model: found.model, point: pointOf(found) };
  const known = models.ppo.map(showPoint).join(' | ') || 'none: use --baseline';
  throw new ExportOptionError('--point', `one of ${known}`, point ?? 'nothing recommended');
}

function formOf({ to }: ExportOptions): ExportForm {
  if (isExportForm(to)) return to;
  throw new ExportOptionError('--to', Object.keys(exportForms).join(' or '), JSON.stringify(to));
}

function emptyFolder(path: string): string {
  const folder = resolve(path);
  if (namesIn(folder).length > 0)
    throw new ExportOptionError('FOLDER', 'a new or empty folder', `${folder}, which holds files`);
  return folder;
}

/** None where there is no such folder yet. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    if (!hasCode(error, 'ENOTDIR')) throw error;
    throw new ExportOptionError('FOLDER', 'a new or empty folder', `${folder}, which is a file or lies below one`);
  }
}

function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

/** By its command: an unfinished run has no results that would say it. */
const isMeasurement = ({ command }: RunRecord) => command.startsWith('npx debias measure ');

/** The run of this name, which must be a study's. @throws ExportOptionError @throws UnknownRunError */
function findStudy(home: string, runId: string): RunRecord {
  const run = findRun(home, runId);
  if (isMeasurement(run)) throw measurementError(runId);
  return run;
}

/** The newest run but measurements. @throws ExportOptionError @throws UnknownRunError */
function newestStudy(home: string): RunRecord {
  const runs = listRuns(home);
  const study = runs.find((run) => !isMeasurement(run));
  if (study) return study;
  if (runs.length === 0) throw new UnknownRunError(undefined, []);
  const measurements = runs.map((run) => run.runId).join(', ');
  throw new ExportOptionError(
    'RUN',
    'newest to find the run of a study',
    `measurements alone, which write no model: ${measurements}; start a study with \`debias run\``,
  );
}

/** @throws ExportOptionError @throws UnknownRunError @throws ReportMissingError */
export async function exportModel(runId: string, path: string, options: ExportOptions): Promise<void> {
  const form = formOf(options);
  const folder = emptyFolder(path);
  const environment = readEnvironment();
  const run = runId === 'newest' ? newestStudy(environment.home) : findStudy(environment.home, runId);
  const file = join(await finishedRunFolder(environment, run), 'results.json');
  const results = parseResults(readFileSync(file, 'utf8'), file);
  const { model: ref, point } = chooseModel(results, options);
  const model = openExport(await getFolder(await openStore(environment.store), ref));
  const card = modelCard({
    results,
    ...(point ? { point } : {}),
    language: results.models?.language ?? '',
    sha256: ref.sha256,
    parameters: parameterCount(model),
  });
  writeFiles(folder, exportForms[form](model, card));
  process.stdout.write(`${point ? showPoint(point) : 'baseline'} of ${run.runId} → ${folder}\n`);
}
