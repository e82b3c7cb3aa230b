/** Runs a case on the reference interpreter and on onnxruntime. */

import { openSession } from '../../../core/backends/index.js';
import type { Device } from '../../../core/backends/index.js';
import type { Value } from '../../../core/ir/index.js';
import { Graph, program } from '../../../core/ir/index.js';
import type { HostTensor } from '../../../core/tensor.js';
import type { OpCase } from './op-cases.js';
import { declare } from './op-cases.js';
import type { RefArray } from './reference/array.js';
import { fromHost } from './reference/array.js';
import { evaluate } from './reference/evaluate.js';

export interface BuiltCase {
  readonly graph: Graph;
  readonly results: readonly Value[];
  readonly floats: readonly Value<'float32'>[];
  readonly feeds: Readonly<Record<string, HostTensor>>;
}

export function buildCase(name: string, opCase: OpCase): BuiltCase {
  const graph = new Graph(name);
  const operands = declare(graph, opCase);
  const results = opCase.build(operands);
  const floats = opCase.floats.map((_, index) => operands.float(index));
  return { graph, results, floats, feeds: feedsOf(opCase) };
}

function feedsOf({ floats, ints, bools }: OpCase): Readonly<Record<string, HostTensor>> {
  const named = (prefix: string, list: readonly HostTensor[]) =>
    list.map((tensor, index): readonly [string, HostTensor] => [`${prefix}${index}`, tensor]);
  return Object.fromEntries([...named('float', floats), ...named('int', ints), ...named('bool', bools)]);
}

/** Results in double precision; `replaced` gives inputs other values. */
export function runReference(
  { graph, feeds }: BuiltCase,
  results: readonly Value[],
  replaced = new Map<string, RefArray>(),
) {
  const environment = new Map(
    [...graph.inputs].map(([name, value]): readonly [Value, RefArray] => {
      const feed = replaced.get(name) ?? (feeds[name] && fromHost(feeds[name]));
      if (!feed) throw new RangeError(`no feed for ${name}`);
      return [value, feed];
    }),
  );
  return evaluate(graph, environment, results);
}

export async function runOnnx(
  { graph, feeds }: BuiltCase,
  results: readonly Value[],
  fused: boolean,
  device: Device = 'cpu',
): Promise<readonly HostTensor[]> {
  const outputs = Object.fromEntries(results.map((value, index) => [`output${index}`, value]));
  const session = await openSession(program(graph, { outputs }), { threads: 1, fused, device });
  const fetched = await session.run(feeds);
  await session.release();
  return Object.values(fetched);
}
