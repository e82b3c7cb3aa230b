/** All that was logged of PPO, as files: figures, episodes in words, times. Knows nothing of what a figure means. */
import { formatCsv } from './csv.js';
import { pointLabel } from './points.js';
import { phaseNames } from './ppo-phases.js';
import type { PpoCurve } from './report-input.js';
import type { SweepPoint } from './results.js';

/** By path; none where no PPO was run. */
export function ppoLogFiles(curves: readonly PpoCurve[]): Record<string, string> {
  if (curves.length === 0) return {};
  return {
    'ppo/batches.csv': batchesCsv(curves),
    'ppo/batches.jsonl': batchLines(curves),
    'ppo/episodes.csv': episodesCsv(curves),
    ...(curves.some(({ followed = [] }) => followed.length > 0) ? { 'ppo/followed.csv': followedCsv(curves) } : {}),
    'ppo/seconds.csv': secondsCsv(curves),
  };
}

const POINT_COLUMNS = ['point', 'epochs', 'seed'];

function pointCells(point: SweepPoint): (string | number)[] {
  return [pointLabel(point), point.epochs, point.seed];
}

/** Every figure that is one number, a column each. */
function batchesCsv(curves: readonly PpoCurve[]): string {
  const rows = curves.flatMap((curve) => curve.batches.map((batch) => ({ curve, figures: numbersOf(batch) })));
  const names = [...new Set(rows.flatMap(({ figures }) => [...figures.keys()]))];
  return formatCsv(
    [...POINT_COLUMNS, ...names],
    rows.map(({ curve, figures }) => [...pointCells(curve), ...names.map((name) => figures.get(name))]),
  );
}

function numbersOf(batch: object): Map<string, number> {
  const figures: [string, unknown][] = Object.entries(batch);
  const numbers = figures.filter((figure): figure is [string, number] => typeof figure[1] === 'number');
  return new Map(numbers.toSorted(([a], [b]) => Number(b === 'batch') - Number(a === 'batch')));
}

/** Everything, quantiles and histograms included. */
function batchLines(curves: readonly PpoCurve[]): string {
  const rows = curves.flatMap(({ batches, ...curve }) => {
    const [point, epochs, seed] = pointCells(curve);
    return batches.map((batch) => ({ point, epochs, seed, ...batch }));
  });
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

function episodesCsv(curves: readonly PpoCurve[]): string {
  const columns = ['batch', 'episode', 'query', 'response', 'score', 'kl', 'kl_penalty', 'total_reward'];
  const rows = curves.flatMap((curve) =>
    (curve.episodes ?? []).map(({ batch, episode, query, response, score, kl, klPenalty, totalReward }) => [
      ...pointCells(curve),
      batch,
      episode,
      query,
      response,
      score,
      kl,
      klPenalty,
      totalReward,
    ]),
  );
  return formatCsv([...POINT_COLUMNS, ...columns], rows);
}

function followedCsv(curves: readonly PpoCurve[]): string {
  const rows = curves.flatMap((curve) =>
    (curve.followed ?? []).map(({ batch, prompt, text, score }) => [...pointCells(curve), batch, prompt, text, score]),
  );
  return formatCsv([...POINT_COLUMNS, 'batches_trained', 'prompt', 'text', 'sentiment'], rows);
}

function secondsCsv(curves: readonly PpoCurve[]): string {
  const all = curves.flatMap(({ seconds = [], ...curve }) => seconds.map((batch) => ({ curve, ...batch })));
  const phases = phaseNames(curves);
  return formatCsv(
    [...POINT_COLUMNS, 'batch', ...phases, 'total', 'episodes_per_second'],
    all.map(({ curve, batch, phases: taken, total, episodes }) => [
      ...pointCells(curve),
      batch,
      ...phases.map((name) => taken[name]),
      total,
      episodes / total,
    ]),
  );
}
