/** Moves tensors between the host and WebGPU's memory: by programs that copy, as onnxruntime-node has no other way. */

import { Graph } from '../../ir/graph.js';
import { program } from '../../ir/program.js';
import type { Program } from '../../ir/program.js';
import type { DeviceMemory, Located } from '../device-tensor.js';
import type { SessionOptions } from '../session.js';
import { openKeepingSession, openSession } from './session.js';

export function gpuMemory(options: SessionOptions): DeviceMemory {
  return {
    upload: async (tensors) => {
      const names = Object.keys(tensors);
      if (names.length === 0) return {};
      const session = await openKeepingSession(copyProgram('upload', tensors), options, names);
      const { kept } = await session.run(tensors);
      await session.release();
      return kept;
    },
    download: async (tensors) => {
      if (Object.keys(tensors).length === 0) return {};
      const session = await openSession(copyProgram('download', tensors), options);
      const result = await session.run(tensors);
      await session.release();
      return result;
    },
  };
}

/** Every input is an output as well. */
function copyProgram(name: string, tensors: Readonly<Record<string, Pick<Located, 'dtype' | 'shape'>>>): Program {
  const graph = new Graph(name);
  const outputs = Object.entries(tensors).map(
    ([own, { dtype, shape }]) => [own, graph.input(own, dtype, shape)] as const,
  );
  return program(graph, { outputs: Object.fromEntries(outputs) });
}
