/** Shows a run while it goes on: finished stages as lines, running work as bars on a terminal or as log lines elsewhere. */

import { MultiBar, type SingleBar } from 'cli-progress';
import type { Logger } from 'pino';
import { duration } from '../core/report/format.js';
import type { LiveActivity, RunSnapshot } from './progress-snapshot.js';
import { endedStages, pointCounts } from './stage-lines.js';

export interface LiveView {
  show(snapshot: RunSnapshot): void;
  /** A line of its own above the bars. */
  say(line: string): void;
  close(): void;
}

const metricOrder = ['loss', 'validationLoss', 'accuracy', 'reward', 'kl', 'rate'];

function formatNumber(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 0.001 || size >= 100_000)
    ? value.toExponential(2)
    : value.toPrecision(4).replace(/\.?0+$/, '');
}

/** `loss 3.21 · kl 0.04`, best-known figures first. */
function formatMetrics(metrics: Readonly<Record<string, number>> | undefined): string {
  const rank = (name: string) => (metricOrder.includes(name) ? metricOrder.indexOf(name) : metricOrder.length);
  const names = Object.keys(metrics ?? {})
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, 4);
  return names.map((name) => `${name} ${formatNumber(metrics?.[name] ?? 0)}`).join(' · ');
}

/** `12 of 300 steps · 8.1/s · 36 s left · loss 3.21`. */
export function describeActivity({
  done,
  total,
  unit,
  metrics,
  ratePerSecond,
  attempt,
  lastFailure,
}: LiveActivity): string {
  const left =
    ratePerSecond && total !== undefined && done !== undefined
      ? `${duration((total - done) / ratePerSecond)} left`
      : '';
  const rate = ratePerSecond ? `${formatNumber(ratePerSecond)}/s` : '';
  const retry =
    attempt > 1 ? `attempt ${attempt}${lastFailure ? ` after: ${lastFailure.split('\n')[0]?.slice(0, 100)}` : ''}` : '';
  const count = done === undefined ? 'starting' : `${done} of ${total} ${unit}`;
  return [count, rate, left, formatMetrics(metrics), retry].filter((part) => part !== '').join(' · ');
}

interface Row {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  readonly text: string;
}

/** One row for the sweep as a whole and one for everything that runs. */
function rowsOf({ activities, points }: RunSnapshot): Row[] {
  const running = activities.map((activity) => ({
    name: activity.name,
    done: activity.done ?? 0,
    total: activity.total ?? 1,
    text: describeActivity(activity),
  }));
  if (!points || points.total === 1 || points.done + points.failed === points.total) return running;
  const { total, done, failed } = points;
  return [{ name: 'sweep', done: done + failed, total, text: pointCounts(points) }, ...running];
}

/** Says one line for each stage and each sweep point, when it ends. */
function createStageLog(say: (line: string) => void): (snapshot: RunSnapshot) => void {
  const told = new Set<string>();
  return (snapshot) => {
    for (const { name, line } of endedStages(snapshot)) {
      if (told.has(name)) continue;
      told.add(name);
      say(line);
    }
  };
}

/** Bars on a terminal. */
function createBarView(): LiveView {
  const bars = new MultiBar({
    format: '  {bar} {label}  {text}',
    barsize: 20,
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
    fps: 4,
    forceRedraw: true,
    linewrap: false,
  });
  const open = new Map<string, SingleBar>();
  // A bar may stand where the line goes: clear what is left of it.
  const say = (line: string) => bars.log(`${line}\u001b[0K\n`);
  const logStages = createStageLog(say);
  return {
    say,
    show(snapshot) {
      logStages(snapshot);
      const rows = rowsOf(snapshot);
      const width = Math.max(0, ...rows.map(({ name }) => name.length));
      for (const [name, bar] of open) {
        if (rows.some((row) => row.name === name)) continue;
        bars.remove(bar);
        open.delete(name);
      }
      for (const { name, done, total, text } of rows) {
        const payload = { label: name.padEnd(width), text };
        const bar = open.get(name);
        if (bar) {
          bar.setTotal(total);
          bar.update(done, payload);
        } else open.set(name, bars.create(total, done, payload));
      }
      bars.update();
    },
    close: () => bars.stop(),
  };
}

const logIntervalMs = 10_000;

/** JSON lines: a stage when it ends, running work every ten seconds. */
function createLogView(logger: Logger): LiveView {
  let lastAtMs = -Infinity;
  const logStages = createStageLog((line) => logger.info(line));
  return {
    say: (line) => logger.info(line),
    show(snapshot) {
      logStages(snapshot);
      if (performance.now() - lastAtMs < logIntervalMs || snapshot.activities.length === 0) return;
      lastAtMs = performance.now();
      for (const activity of snapshot.activities)
        logger.info({ activity }, `${activity.name}: ${describeActivity(activity)}`);
      if (snapshot.points) logger.info({ points: snapshot.points }, `sweep: ${pointCounts(snapshot.points)}`);
    },
    close: () => {},
  };
}

export function createLiveView(logger: Logger): LiveView {
  return process.stderr.isTTY ? createBarView() : createLogView(logger);
}
