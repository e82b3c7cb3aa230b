import { expect, test } from 'vitest';
import { add, Graph, loop, printGraph, program } from '../../../core/ir/index.js';

test('printGraph: one node a line, loops with their bodies', () => {
  const graph = new Graph('count');
  const x = graph.input('x', 'float32', [2]);
  const step = graph.input('step', 'float32', []);
  const { carried, scans } = loop(graph, {
    trip: 3,
    carried: { x },
    body: (_, c) => ({ carried: { x: add(c.x, step) }, scans: { before: c.x } }),
  });
  const { results } = program(graph, { outputs: { x: carried.x, all: scans.before } });
  expect(printGraph(graph, results)).toBe(
    [
      'graph count',
      "  %0 = input 'x' : float32[2]",
      "  %1 = input 'step' : float32[]",
      '  %5, %6 = Loop(%0) {trip: 3} : float32[2], float32[3, 2]',
      '    graph count.loop0',
      "      %2 = input 'iteration' : int64[]",
      "      %3 = input 'carried x' : float32[2]",
      '      captures %1 : float32[]',
      '      %4 = Add(%3, %1) : float32[2]',
      '      carries on %4',
      '      stacks %3',
      "  output 'x' = %5",
      "  output 'all' = %6",
    ].join('\n'),
  );
});
