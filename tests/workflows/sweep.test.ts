/** Sweeps of many points, and of points that differ before PPO. */

import { ApplicationFailure } from '@temporalio/activity';
import { describe, expect, test } from 'vitest';
import { progressQuery } from '../../workflows/messages.js';
import { openStage, play, pointsOf, ref, study, tellingActivities, type ActivityInput } from './playing.js';

const stage = openStage();

function outcome(result: object) {
  return { key: 'k', digest: 'd', reused: false, seconds: 0, result };
}

/** Two groups of two points: `finetune.learningRate` is read before PPO. */
const groups = ['0.001', '0.002'].map((rate) => {
  const overrides = { 'finetune.learningRate': Number(rate) };
  const own = { ...study, config: ref(`config-${rate}`) };
  const label = `learningRate=${rate}`;
  return { study: own, points: pointsOf([1, 2], overrides), overrides, label, id: `upstream-learningRate-${rate}` };
});
const points = groups.flatMap((group) => group.points);

describe('runSweep', () => {
  test('starts no more points at once than it may, and all of them in the end', async () => {
    let running = 0;
    let most = 0;
    const trained: string[] = [];
    const many = pointsOf(Array.from({ length: 20 }, (_, i) => i + 1));
    const { start, during } = await play(
      stage(),
      tellingActivities([], {
        trainPpoPolicy: async ({ point }) => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 50));
          running--;
          trained.push(point?.label ?? '');
          return outcome({ model: ref('policy') });
        },
      }),
      { points: many, parallel: 3 },
    );
    const { result, history } = await during(async () => {
      const handle = await start();
      return { result: await handle.result(), history: await handle.fetchHistory() };
    });
    expect(most).toBeLessThanOrEqual(3);
    expect(trained.toSorted()).toEqual(many.map(({ label }) => label).toSorted());
    expect(result.stages).toHaveLength(9 + 2 * 20);
    // Of a hundred points there are then fewer than the 2,000 events that a run may have.
    expect(history.events!.length / many.length).toBeLessThan(15);
  });

  test('hands the stages on in the order of the points, however they end', async () => {
    const trained: (string | undefined)[] = [];
    let written: unknown;
    const { start, during } = await play(
      stage(),
      tellingActivities([], {
        trainPpoPolicy: async ({ point }) => {
          await new Promise((resolve) => setTimeout(resolve, 1500 * (3 - (point?.epochs ?? 0))));
          trained.push(point?.label);
          if (point?.epochs === 2) throw ApplicationFailure.nonRetryable('no', 'LossDivergedError');
          return outcome({ model: ref('policy') });
        },
        writeReport: async (input) => {
          written = input;
          return { results: ref('results'), report: ref('report'), summary: ref('summary') };
        },
      }),
    );
    const { stages, shown } = await during(async () => {
      const handle = await start();
      const result = await handle.result();
      return { stages: result.stages, shown: await handle.query(progressQuery) };
    });
    const [first, second, third] = pointsOf([1, 2, 3]).map(({ label }) => label);
    expect(trained).toEqual([third, second, first]);
    const done = [first, third].flatMap((label) => [`ppo ${label}`, `bias-eval ${label}`]);
    expect(stages.slice(8).map(({ name }) => name)).toEqual([...done, 'compare']);
    expect(written).toMatchObject({ stages });
    const points = shown.stages.flatMap(({ point }) => (point === undefined ? [] : [point]));
    expect(points).toEqual([first, first, second, third, third]);
  });

  test('goes on with the others when one fails, even where points wait', async () => {
    const { start, during } = await play(
      stage(),
      tellingActivities([], {
        trainPpoPolicy: async ({ point }) => {
          if (point?.epochs === 1) throw ApplicationFailure.nonRetryable('no', 'LossDivergedError');
          return outcome({ model: ref('policy') });
        },
      }),
      { parallel: 1 },
    );
    const { missing } = await during(async () => (await start()).result());
    expect(missing).toEqual([{ ...pointsOf([1])[0], reason: 'no' }]);
  });
});

describe('groupWorkflow', () => {
  test('gives each group stages of its own, and compares its points with its own baseline', async () => {
    const tuned: string[] = [];
    let compared: unknown;
    const { start, during } = await play(
      stage(),
      tellingActivities([], {
        finetuneModel: async ({ study: own }: ActivityInput) => {
          tuned.push(own?.config.sha256 ?? '');
          return outcome({ model: ref(`tuned-${own?.config.sha256}`) });
        },
        compareRuns: async (input) => {
          compared = input;
          return outcome({ comparison: ref('comparison') });
        },
      }),
      { groups, points, parallel: 2 },
    );
    const result = await during(async () => (await start()).result());
    expect(tuned).toEqual(['config-0.001', 'config-0.002']);
    expect(compared).toMatchObject({
      study: groups[0]!.study,
      made: {
        finetune: { model: ref('tuned-config-0.001') },
        members: [{ point: groups[0]!.points[0] }, { point: groups[0]!.points[1] }],
        group: { label: 'learningRate=0.001', overrides: { 'finetune.learningRate': 0.001 } },
        others: [
          {
            label: 'learningRate=0.002',
            upstream: { finetune: { model: ref('tuned-config-0.002') } },
            members: [{ point: groups[1]!.points[0] }, { point: groups[1]!.points[1] }],
          },
        ],
      },
    });
    const names = result.stages.map(({ name }) => name);
    expect(names).toContain('finetune');
    expect(names).toContain('finetune learningRate=0.002');
    expect(names.at(-1)).toBe('compare');
  });

  test('leaves the points of a group missing that fails before its sweep', async () => {
    const { start, during } = await play(
      stage(),
      tellingActivities([], {
        finetuneModel: async ({ study: own }: ActivityInput) => {
          if (own?.config.sha256 === 'config-0.001')
            throw ApplicationFailure.nonRetryable('diverged', 'LossDivergedError');
          return outcome({ model: ref('tuned') });
        },
      }),
      { groups, points },
    );
    const { missing, stages } = await during(async () => (await start()).result());
    expect(missing).toEqual(groups[0]!.points.map((point) => ({ ...point, reason: 'diverged' })));
    expect(stages.map(({ name }) => name)).toContain('finetune learningRate=0.002');
  });

  test('crawls for each group whose source differs, and names the points of one that cannot be read', async () => {
    const sources = ['none', 'planted', 'lost'].map((bias) => {
      const overrides = { 'crawl.source.bias': bias };
      const own = { ...study, config: ref(`config-${bias}`) };
      return {
        study: own,
        points: pointsOf([1], overrides),
        overrides,
        label: `bias=${bias}`,
        id: `upstream-bias-${bias}`,
      };
    });
    const cleaned: unknown[] = [];
    const { start, during } = await play(
      stage(),
      tellingActivities([], {
        crawlTexts: async ({ study: own }: ActivityInput) => {
          if (own?.config.sha256 === 'config-lost') throw ApplicationFailure.nonRetryable('gone', 'HttpStatusError');
          return outcome({ records: ref(`records-${own?.config.sha256}`) });
        },
        cleanTexts: async (input) => {
          cleaned.push(input);
          return outcome({ texts: ref('texts') });
        },
      }),
      { groups: sources, points: sources.flatMap((group) => group.points) },
    );
    const { missing } = await during(async () => (await start()).result());
    expect(cleaned).toMatchObject([
      { records: ref('records-config-none') },
      { records: ref('records-config-planted') },
    ]);
    expect(missing).toEqual([{ ...sources[2]!.points[0], reason: 'gone' }]);
  });
});
