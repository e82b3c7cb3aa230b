import { expect, test } from 'vitest';
import type { Parameters } from '../../../core/nn/index.js';
import { hostTensor } from '../../../core/tensor.js';
import { flatGroups, packGroup, unpackGroup } from '../../../core/train/flat-parameters.js';

const shapes = { large: [512, 512], a: [3, 2], bias: [4], b: [2, 2], scale: [] };

test('flatGroups keeps large matrices apart, small ones together, and what does not decay by itself', () => {
  const groups = flatGroups(shapes);
  expect(groups.map(({ name, decays, size }) => ({ name, decays, size }))).toEqual([
    { name: 'large', decays: true, size: 512 * 512 },
    { name: 'matrices', decays: true, size: 10 },
    { name: 'plain', decays: false, size: 5 },
  ]);
  expect(groups[1]?.entries.map(({ name, offset }) => [name, offset])).toEqual([
    ['a', 0],
    ['b', 6],
  ]);
});

test('packGroup puts zeros behind rows and columns that are held in a larger shape, and unpackGroup leaves them out', () => {
  const params = {
    matrix: hostTensor('float32', [2, 2], Float32Array.of(1, 2, 3, 4)),
    bias: hostTensor('float32', [2], Float32Array.of(5, 6)),
  };
  const groups = flatGroups({ matrix: [2, 2], bias: [2] }, { matrix: [3, 4], bias: [4] });
  const packed = groups.map((group) => packGroup(group, params));
  expect(packed.map(({ data }) => [...data])).toEqual([
    [1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0],
    [5, 6, 0, 0],
  ]);
  expect(Object.assign({}, ...groups.map((group, i) => unpackGroup(group, packed[i]!)))).toEqual(params);
});

test("packGroup and unpackGroup are each other's inverse", () => {
  const params = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => {
      const data = new Float32Array(shape.reduce((size, side) => size * side, 1)).map((_, at) => at + 1000 * i);
      return [name, hostTensor('float32', shape, data)];
    }),
  );
  const back: Parameters = Object.assign(
    {},
    ...flatGroups(shapes).map((group) => unpackGroup(group, packGroup(group, params))),
  );
  expect(Object.keys(back).sort()).toEqual(Object.keys(params).sort());
  for (const [name, { shape, data }] of Object.entries(params)) {
    expect(back[name]?.shape).toEqual(shape);
    expect(Buffer.compare(Buffer.from(back[name]!.data.buffer), Buffer.from(data.buffer))).toBe(0);
  }
});
