/** `debias export`: writes a model of a finished run as a folder that other programs load. */

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
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
import { openStore } from '../../infra/open-store.js';
import { exportForms, isExportForm, openExport, parameterCount, type ExportForm } from '../model-export.js';
import { findRun } from '../run-record.js';
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

/** The model that the options name, else the recommended one. @throws ExportOptionError */
export function chooseModel({ run, models, best }: Results, { point, baseline }: ExportOptions): Chosen {
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
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new ExportOptionError('FOLDER', 'a new or empty folder', `${folder}, which holds files`);
  return folder;
}

function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

/** @throws ExportOptionError @throws UnknownRunError @throws ReportMissingError */
export async function exportModel(runId: string, path: string, options: ExportOptions): Promise<void> {
  const form = formOf(options);
  const folder = emptyFolder(path);
  const environment = readEnvironment();
  const run = findRun(environment.home, runId === 'newest' ? undefined : runId);
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
