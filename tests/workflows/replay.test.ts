/** Workflows of today play histories of yesterday: a study that is paused goes on after an update of the program. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { openStage, play, pointsOf, study, tellingActivities } from './playing.js';

const stage = openStage();
const histories = join(import.meta.dirname, 'histories');

/** What each recorded workflow is called, and the test run that it comes from. */
const recorded = {
  pipeline: { id: 'pipeline/recorded', from: 'recorded' },
  ppo: { id: 'pipeline/recorded/ppo-1-seed-0', from: 'recorded' },
  measure: { id: 'measure/recorded-measure', from: 'recorded-measure' },
  groups: { id: 'pipeline/recorded-groups', from: 'recorded-groups' },
  group: { id: 'pipeline/recorded-groups/upstream-rate-2', from: 'recorded-groups' },
} as const;

const fileOf = (name: string) => join(histories, `${name}.bin`);

test.each(Object.keys(recorded) as (keyof typeof recorded)[])('replays the recorded history of %s', async (name) => {
  const { id, from } = recorded[name];
  if (!existsSync(fileOf(name))) await record(from);
  const history = temporal.api.history.v1.History.decode(readFileSync(fileOf(name)));
  await expect(Worker.runReplayHistory({ workflowBundle: stage().bundle }, history, id)).resolves.toBeUndefined();
});

const groups = [1, 2].map((rate) => ({
  study,
  points: pointsOf([1, 2], { rate }),
  overrides: { rate },
  label: `rate=${rate}`,
  id: `upstream-rate-${rate}`,
}));

/** Histories are recorded once, when there is none yet, and kept: later code must still be able to replay them. */
async function record(from: string): Promise<void> {
  const input =
    from === 'recorded-groups' ? { groups, points: groups.flatMap(({ points }) => points), parallel: 2 } : {};
  const { start, startMeasurement, during } = await play(stage(), tellingActivities([]), input, from);
  mkdirSync(histories, { recursive: true });
  await during(async () => {
    await (from === 'recorded-measure' ? await startMeasurement() : await start()).result();
    for (const [name, { id, from: own }] of Object.entries(recorded)) {
      if (own !== from || existsSync(fileOf(name))) continue;
      const history = await stage().client.workflow.getHandle(id).fetchHistory();
      writeFileSync(fileOf(name), temporal.api.history.v1.History.encode(history).finish());
    }
  });
}
