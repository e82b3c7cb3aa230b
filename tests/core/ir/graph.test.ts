import { describe, expect, test } from 'vitest';
import {
  add,
  exp,
  expand,
  Graph,
  GraphError,
  identity,
  loop,
  repeat,
  mul,
  reduceSum,
  reshape,
  scalar,
  sub,
  transpose,
} from '../../../core/ir/index.js';
import type { Value } from '../../../core/ir/index.js';
import { liveNodes, liveValues } from '../../../core/ir/live.js';

describe('append', () => {
  test('gives the same value for the same op on the same operands', () => {
    const graph = new Graph('g');
    const x = graph.input('x', 'float32', [2]);
    expect(exp(x)).toBe(exp(x));
    expect(mul(x, 2)).toBe(mul(x, 2));
    expect(mul(x, 2)).not.toBe(mul(x, 3));
    expect(scalar(graph, 0)).not.toBe(scalar(graph, -0));
    expect(reduceSum(x, [0])).not.toBe(reduceSum(x, [0], { keepDims: true }));
  });

  test('refuses operands of unrelated graphs', () => {
    const [a, b] = [new Graph('a'), new Graph('b')];
    const [x, y] = [a.input('x', 'float32', [2]), b.input('x', 'float32', [2])];
    expect(() => add(x, y)).toThrow(GraphError);
    expect(() => add(x, y)).toThrow("its operands belong to the unrelated graphs 'a' and 'b'");
  });

  test('refuses an input name twice, and an op on numbers alone', () => {
    const graph = new Graph('g');
    graph.input('x', 'float32', [2]);
    expect(() => graph.input('x', 'int64', [])).toThrow("graph g: the input 'x' is declared twice");
    // @ts-expect-error two numbers
    expect(() => add(1, 2)).toThrow('add: at least one operand must be a value of a graph');
  });
});

describe('ops that change nothing', () => {
  const graph = new Graph('g');
  const x = graph.input('x', 'float32', [2, 3]);

  test('give their operand', () => {
    expect(mul(x, 1)).toBe(x);
    expect(sub(x, 0)).toBe(x);
    expect(reshape(x, [2, -1])).toBe(x);
    expect(reshape(reshape(x, [6]), [2, 3])).toBe(x);
    expect(transpose(x, [0, 1])).toBe(x);
    expect(expand(x, [2, 3])).toBe(x);
  });

  test('an expanded operand is read before its expansion where the op broadcasts anyway', () => {
    const row = graph.input('row', 'float32', [3]);
    const node = graph.producer(mul(x, expand(row, [2, 3])));
    expect(node?.inputs).toEqual([x, row]);
    const both = graph.producer(add(expand(row, [2, 3]), expand(exp(row), [2, 3])));
    expect(both?.outputs[0].shape).toEqual([2, 3]);
  });
});

describe('loop', () => {
  test('captures what its body reads from outside, through every graph between', () => {
    const graph = new Graph('g');
    const [x, w] = [graph.input('x', 'float32', [2]), graph.input('w', 'float32', [2])];
    const bodies: Graph[] = [];
    loop(graph, {
      trip: 2,
      carried: { x },
      body: (_, outer) => {
        bodies.push(outer.x.graph);
        const inner = loop(outer.x.graph, {
          trip: 2,
          carried: outer,
          body: (_iteration, deep) => {
            bodies.push(deep.x.graph);
            return { carried: { x: mul(deep.x, w) } };
          },
        });
        return { carried: { x: inner.carried.x } };
      },
    });
    expect(bodies.map((body) => [...body.captures])).toEqual([[w], [w]]);
  });

  test('leaves outside what does not depend on its arguments', () => {
    const graph = new Graph('g');
    const [x, w] = [graph.input('x', 'float32', [2]), graph.input('w', 'float32', [2])];
    loop(graph, { trip: 2, carried: { x }, body: (_, c) => ({ carried: { x: mul(c.x, exp(w)) } }) });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Exp', 'Loop']);
  });

  test('names a carried value that the body forgot', () => {
    const graph = new Graph('g');
    const x = graph.input('x', 'float32', [2]);
    // @ts-expect-error the body must give back x
    expect(() => loop(graph, { trip: 1, carried: { x }, body: () => ({ carried: {} }) })).toThrow(
      "loop body: expected a value named 'x', got none",
    );
  });
});

test.each([1, 3])('repeat carries and stacks as loop does, without one where it iterates once: %i times', (trip) => {
  const graph = new Graph('g');
  const x = graph.input('x', 'float32', [2]);
  const body = (_: unknown, c: { readonly x: Value<'float32'> }) => ({
    carried: { x: mul(c.x, 2) },
    scans: { before: c.x },
  });
  const { carried, scans } = repeat(graph, { trip, carried: { x }, body });
  expect([carried.x.shape, scans.before.shape]).toEqual([[2], [trip, 2]]);
  expect(graph.nodes.some(({ op }) => op === 'Loop')).toBe(trip > 1);
});

test('liveNodes: what no result needs is left out, in bodies too', () => {
  const graph = new Graph('g');
  const x = graph.input('x', 'float32', [2]);
  exp(x);
  const { carried, scans } = loop(graph, {
    trip: 2,
    carried: { x },
    body: (_, c) => {
      exp(c.x);
      return { carried: { x: identity(mul(c.x, 2)) } };
    },
  });
  const live = liveValues(graph, [carried.x]);
  const [node] = liveNodes(graph, live);
  expect(liveNodes(graph, live).map(({ op }) => op)).toEqual(['Loop']);
  expect(scans).toEqual({});
  const body = node && 'body' in node.attributes ? node.attributes.body.graph : graph;
  expect(liveNodes(body, live).map(({ op }) => op)).toEqual(['Constant', 'Mul', 'Identity']);
});
