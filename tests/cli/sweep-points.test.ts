import { describe, expect, test } from 'vitest';
import { sweepGroups } from '../../cli/sweep-points.js';
import { ConfigError } from '../../config/errors.js';
import { loadConfig } from '../../config/load.js';

const groupsOf = (...settings: string[]) => sweepGroups(loadConfig({ preset: 'smoke', settings }));

describe('sweepGroups', () => {
  test('makes one point of each combination, with label, id and what it overrides', () => {
    const [group, ...others] = groupsOf('ppo.epochs=1,2', 'ppo.klCoefficient=0.1,0.2');
    expect(others).toEqual([]);
    expect(group!.points).toHaveLength(4);
    expect(group!.points[3]).toEqual({
      epochs: 2,
      seed: 0,
      label: 'epochs=2 seed=0 klCoefficient=0.2',
      id: 'ppo-2-seed-0-klCoefficient-0.2',
      overrides: { 'ppo.epochs': 2, 'ppo.klCoefficient': 0.2 },
    });
  });

  test('overrides nothing where nothing is swept', () => {
    const [group] = groupsOf('ppo.epochs=3');
    expect(group!.points).toEqual([
      { epochs: 3, seed: 0, label: 'epochs=3 seed=0', id: 'ppo-3-seed-0', overrides: {} },
    ]);
  });

  test('groups points by what is read before PPO', () => {
    const groups = groupsOf('ppo.epochs=1,2', 'finetune.learningRate=1e-3,2e-3', 'seed=0,1');
    expect(groups.map(({ overrides, points }) => [overrides, points.length])).toEqual([
      [{ 'finetune.learningRate': 0.001 }, 4],
      [{ 'finetune.learningRate': 0.002 }, 4],
    ]);
    expect(groups[1]!.points[0]!.label).toBe('epochs=1 seed=0 learningRate=0.002');
  });

  test('names a setting by as much of its path as tells it from the others', () => {
    const [group] = groupsOf('ppo.learningRate=1e-4,2e-4', 'finetune.learningRate=1e-3,2e-3', 'finetune.epochs=1,2');
    expect(group!.points[0]!.label).toBe(
      'epochs=1 seed=0 finetune.epochs=1 finetune.learningRate=0.001 ppo.learningRate=0.0001',
    );
  });

  test('gives ids that differ and suit file names and workflow ids, whatever the values are', () => {
    const points = groupsOf('model.source=hf://a/b,hf://a_b').flatMap((group) => group.points);
    expect(new Set(points.map(({ id }) => id)).size).toBe(points.length);
    for (const { id } of points) expect(id).toMatch(/^[A-Za-z0-9._-]{1,100}$/);
  });

  test('refuses more points than anybody means', () => {
    expect(() => groupsOf('ppo.epochs=1..100', 'seed=0..99')).toThrow(ConfigError);
  });
});
