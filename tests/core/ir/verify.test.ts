import { describe, expect, test } from 'vitest';
import { emit } from '../../../core/ir/emit.js';
import { add, exp, Graph, GraphError, loop, mul, program } from '../../../core/ir/index.js';

function small() {
  const graph = new Graph('small');
  const x = graph.input('x', 'float32', [2]);
  const y = exp(x);
  return { graph, x, y, z: add(y, 1) };
}

describe('verify', () => {
  test('passes a graph as built', () => {
    const { graph, z } = small();
    expect(Object.keys(program(graph, { outputs: { z } }).outputs)).toEqual(['z']);
  });

  test('refuses a program without outputs', () => {
    expect(() => program(small().graph, { outputs: {} })).toThrow('program small: it has no outputs');
  });

  test('refuses an output of another graph', () => {
    const other = new Graph('other').input('x', 'float32', []);
    expect(() => program(small().graph, { outputs: { other } })).toThrow(GraphError);
    expect(() => program(small().graph, { outputs: { other } })).toThrow(
      "the output 'other' belongs to the graph 'other'",
    );
  });

  test('refuses nodes out of order', () => {
    const { graph, z } = small();
    graph.nodes.reverse();
    expect(() => program(graph, { outputs: { z } })).toThrow(
      'graph small, Add: it reads a value of float32[2] that no earlier node or input gives',
    );
  });

  test('refuses an output that the rules do not give', () => {
    const { graph, x } = small();
    const wrong = graph.append('Exp', [x], {}, [{ dtype: 'float32', shape: [3] }], undefined);
    expect(() => program(graph, { outputs: { wrong: wrong.outputs[0] } })).toThrow(
      'graph small, Exp: expected outputs float32[2], got float32[3]',
    );
  });

  test('refuses what a loop reads without capturing it', () => {
    const { graph, x, y } = small();
    const { carried } = loop(graph, {
      trip: 2,
      carried: { h: x },
      body: (_, { h }) => ({ carried: { h: mul(h, y) } }),
    });
    const node = graph.producer(carried.h);
    if (node && 'body' in node.attributes) node.attributes.body.graph.captures.clear();
    expect(() => program(graph, { outputs: { h: carried.h } })).toThrow('that is not among its captures');
  });

  test('refuses a loop whose body takes something else than it is given', () => {
    const { graph, x } = small();
    const inner = new Graph('inner', graph);
    const iteration = inner.input('iteration', 'int64', []);
    const h = inner.input('h', 'float32', [2]);
    inner.input('more', 'float32', [2]);
    const body = { graph: inner, iteration, carriedIn: [h], carriedOut: [h], scans: [] };
    const node = emit('Loop', [x], { trip: 2, body });
    expect(() => program(graph, { outputs: { h: node.outputs[0] } })).toThrow(
      'graph inner: its inputs are not the iteration and the carried values',
    );
  });
});
