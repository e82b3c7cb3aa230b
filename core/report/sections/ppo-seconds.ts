/** Where a PPO batch's time goes, point by point. Times of this machine: shown, and never compared. */
import { details, table } from '../components.js';
import { fixed } from '../format.js';
import { html, type Markup } from '../html.js';
import { phaseLabel, phaseNames } from '../ppo-phases.js';
import type { PpoBatchSeconds } from '../report-input.js';
import { pointName, type View } from '../view.js';

/** Undefined where no point was timed. */
export function ppoSecondsTable(view: View): Markup | undefined {
  const timed = view.input.curves.ppo.filter(({ seconds = [] }) => seconds.length > 0);
  if (timed.length === 0) return undefined;
  const caption = 'Seconds of a PPO batch by part, means over the batches';
  const row = (name: string, of: (batches: readonly PpoBatchSeconds[]) => number, digits = 3) => ({
    cells: [name, ...timed.map(({ seconds = [] }) => fixed(of(seconds), digits))],
  });
  return details(
    caption,
    html`<p>
      Where points ran at once they shared the machine. Batches of a run that was interrupted keep the times that they
      had. Checkpoints are not counted.
    </p>`,
    table(
      caption,
      [{ name: 'part' }, ...timed.map((curve) => ({ name: pointName(view, curve), numeric: true }))],
      [
        ...phaseNames(timed).map((phase) =>
          row(phaseLabel(phase), (batches) => meanOf(batches.map(({ phases }) => phases[phase] ?? 0))),
        ),
        { ...row('whole batch', (batches) => meanOf(batches.map(({ total }) => total))), strong: true },
        row('episodes a second', episodesPerSecond, 1),
      ],
    ),
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function episodesPerSecond(batches: readonly PpoBatchSeconds[]): number {
  const sum = (figure: (batch: PpoBatchSeconds) => number): number =>
    batches.reduce((whole, batch) => whole + figure(batch), 0);
  return sum(({ episodes }) => episodes) / sum(({ total }) => total);
}
