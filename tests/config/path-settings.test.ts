import { describe, expect, test } from 'vitest';
import { absolutePaths, valueNames } from '../../config/path-settings.js';

describe('absolutePaths', () => {
  test('reads every path from the folder given, in lists too, and leaves names on a hub and what is absolute', () => {
    const tree = {
      data: { targets: 'a.yaml', skipBadRows: true },
      model: { source: ['hf://org/name@main', 'm'] },
      crawl: { source: { kind: 'files', files: ['/x.csv', 'y.csv'] } },
      biasEval: { measures: [{ name: 'words', source: 'w.yaml' }] },
      name: 'a.yaml',
    };
    expect(absolutePaths(tree, '/home')).toEqual({
      data: { targets: '/home/a.yaml', skipBadRows: true },
      model: { source: ['hf://org/name@main', '/home/m'] },
      crawl: { source: { kind: 'files', files: ['/x.csv', '/home/y.csv'] } },
      biasEval: { measures: [{ name: 'words', source: '/home/w.yaml' }] },
      name: 'a.yaml',
    });
  });
});

describe('valueNames', () => {
  test.each([
    ['data.targets', ['/a/b/c.yaml', '/a/b/d.yaml'], ['c.yaml', 'd.yaml']],
    ['data.targets', ['/a/b/c.yaml', '/a/d/c.yaml', 'C:\\e\\f.yaml'], ['b/c.yaml', 'd/c.yaml', 'f.yaml']],
    ['model.source', ['/a/b', 'hf://org/b'], ['b', 'hf://org/b']],
    ['ppo.profile', ['/a/b', '/a/c'], ['/a/b', '/a/c']],
  ])('of %s calls %j %j', (setting, values, names) => expect(valueNames(setting, values)).toEqual(names));
});
