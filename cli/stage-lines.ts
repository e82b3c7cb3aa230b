/** How far a run is, as lines: each stage of the study, and the points of its sweep in short. */

import { duration } from '../core/report/format.js';
import type { StageProgress, StageStatus } from '../activities/stage-progress.js';
import type { RunSnapshot } from './progress-snapshot.js';

const marks: Readonly<Record<StageStatus, string>> = { waiting: '·', running: '▶', done: '✓', failed: '✗' };

/** More points than this are told by their number alone, but for those that run or failed. */
const LISTED_POINTS = 20;

function line(mark: string, name: string, end: string): string {
  return `  ${mark} ${name.padEnd(28)} ${end}`.trimEnd();
}

function endOf({ status, reused, seconds, problem }: StageProgress): string {
  if (status === 'done') return reused ? 'reused' : duration(seconds ?? 0);
  return problem ?? '';
}

/** `2 of 4 points done, 1 failed`. */
export function pointCounts({ total, done, failed }: NonNullable<RunSnapshot['points']>): string {
  return `${done} of ${total} points done${failed > 0 ? `, ${failed} failed` : ''}`;
}

interface Point {
  readonly name: string;
  readonly status: StageStatus;
  readonly stages: readonly StageProgress[];
}

/** Failed, running, or done as a whole. */
function statusOf(stages: readonly StageProgress[]): StageStatus {
  const own = stages.map(({ status }) => status);
  if (own.includes('failed')) return 'failed';
  if (own.every((status) => status === 'waiting')) return 'waiting';
  return own.every((status) => status === 'done') ? 'done' : 'running';
}

function pointsOf(stages: readonly StageProgress[]): Point[] {
  const names = [...new Set(stages.flatMap(({ point }) => (point === undefined ? [] : [point])))];
  return names.map((name) => {
    const own = stages.filter(({ point }) => point === name);
    return { name, status: statusOf(own), stages: own };
  });
}

/** `ppo 7.2 s, bias-eval running`, or why it failed. `busy` names the stages that have a slot. */
function pointEnd({ name, stages }: Point, busy: ReadonlySet<string>): string {
  const problem = stages.find(({ status }) => status === 'failed')?.problem;
  if (problem !== undefined) return problem;
  return stages
    .filter(({ status }) => status === 'done' || status === 'running')
    .map((stage) => {
      const state = busy.has(stage.name) ? 'running' : 'waits for a slot';
      return `${stage.name.replace(` ${name}`, '')} ${stage.status === 'done' ? endOf(stage) : state}`;
    })
    .join(', ');
}

function pointLines({ stages, points, activities }: RunSnapshot): string[] {
  const all = pointsOf(stages);
  if (all.length === 0) return [];
  const width = Math.max(...all.map(({ name }) => name.length));
  const busy = new Set(activities.map(({ name }) => name));
  const listed = all.length <= LISTED_POINTS ? all : all.filter(({ status }) => status !== 'done');
  return [
    ...(points ? [line(points.done + points.failed < points.total ? '▶' : '✓', 'sweep', pointCounts(points))] : []),
    ...listed.map((point) =>
      `    ${marks[point.status]} ${point.name.padEnd(width)}  ${pointEnd(point, busy)}`.trimEnd(),
    ),
  ];
}

export interface EndedStage {
  /** Tells it from all others of the run. */
  readonly name: string;
  readonly line: string;
}

/** Stages that have ended, and sweep points as one line each. */
export function endedStages({ stages }: RunSnapshot): EndedStage[] {
  const ended = ({ status }: { readonly status: StageStatus }) => status === 'done' || status === 'failed';
  const points = pointsOf(stages);
  const width = Math.max(28, ...points.map(({ name }) => name.length));
  const text = (status: StageStatus, name: string, end: string) => `${marks[status]} ${name.padEnd(width)} ${end}`;
  return [
    ...stages
      .filter((stage) => stage.point === undefined && ended(stage))
      .map((stage) => ({ name: stage.name, line: text(stage.status, stage.name, endOf(stage)) })),
    ...points
      .filter(ended)
      .map((point) => ({ name: point.name, line: text(point.status, point.name, pointEnd(point, new Set())) })),
  ];
}

/** Every stage of a run; the points stand before the comparison, as they come before it. */
export function stageLines(snapshot: RunSnapshot): string[] {
  const own = snapshot.stages.filter(({ point }) => point === undefined);
  const lines = (stages: readonly StageProgress[]) =>
    stages.map((stage) => line(marks[stage.status], stage.name, endOf(stage)));
  return [
    ...lines(own.filter(({ name }) => name !== 'compare')),
    ...pointLines(snapshot),
    ...lines(own.filter(({ name }) => name === 'compare')),
  ];
}
