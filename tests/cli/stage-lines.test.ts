import { describe, expect, test } from 'vitest';
import type { StageProgress } from '../../activities/stage-progress.js';
import type { RunSnapshot } from '../../cli/progress-snapshot.js';
import { endedStages, pointCounts, stageLines } from '../../cli/stage-lines.js';

const point = 'epochs=1 seed=0 clip=0.1';
const other = 'epochs=1 seed=0 clip=0.2';
const broken = 'epochs=1 seed=0 clip=0.3';

const stages: StageProgress[] = [
  { name: 'finetune', status: 'done', seconds: 75 },
  { name: 'reward', status: 'done', reused: true, seconds: 0 },
  { name: 'compare', status: 'waiting' },
  { name: `ppo ${point}`, status: 'done', point, seconds: 7.2 },
  { name: `bias-eval ${point}`, status: 'done', point, seconds: 3.1 },
  { name: `ppo ${other}`, status: 'running', point: other },
  { name: `bias-eval ${other}`, status: 'waiting', point: other },
  { name: broken, status: 'failed', point: broken, problem: 'loss is not finite' },
];
const snapshot: RunSnapshot = {
  status: 'RUNNING',
  stages,
  activities: [{ stage: 'ppo', name: `ppo ${other}`, workflowId: 'w', attempt: 1 }],
  points: { total: 5, done: 1, failed: 1 },
};

describe('stageLines', () => {
  test('tells each stage, and each sweep point in one line before the comparison', () => {
    expect(stageLines(snapshot)).toEqual([
      '  ✓ finetune                     1 min 15 s',
      '  ✓ reward                       reused',
      '  ▶ sweep                        1 of 5 points done, 1 failed',
      '    ✓ epochs=1 seed=0 clip=0.1  ppo 7.2 s, bias-eval 3.1 s',
      '    ▶ epochs=1 seed=0 clip=0.2  ppo running',
      '    ✗ epochs=1 seed=0 clip=0.3  loss is not finite',
      '  · compare',
    ]);
  });

  test('tells a point that runs from one that waits for a slot', () => {
    expect(stageLines({ ...snapshot, activities: [] })).toContain(
      '    ▶ epochs=1 seed=0 clip=0.2  ppo waits for a slot',
    );
  });

  test('tells of many points by their number, and only those by name that run or failed', () => {
    const done = Array.from({ length: 30 }, (_, index): StageProgress => {
      return { name: `ppo ${index}`, status: 'done', point: `${index}`, seconds: 1 };
    });
    const lines = stageLines({ ...snapshot, stages: [...stages, ...done], points: { total: 40, done: 31, failed: 1 } });
    expect(lines).toHaveLength(6);
    expect(lines[2]).toContain('31 of 40 points done, 1 failed');
  });
});

describe('endedStages', () => {
  test('has one line for each stage and each point that ended', () => {
    expect(endedStages(snapshot).map(({ line }) => line)).toEqual([
      '✓ finetune                     1 min 15 s',
      '✓ reward                       reused',
      '✓ epochs=1 seed=0 clip=0.1     ppo 7.2 s, bias-eval 3.1 s',
      '✗ epochs=1 seed=0 clip=0.3     loss is not finite',
    ]);
  });
});

describe('pointCounts', () => {
  test('names failures only where there are any', () => {
    expect(pointCounts({ total: 2, done: 2, failed: 0 })).toBe('2 of 2 points done');
  });
});
