/** What every runtime offers for a program, and what it is opened with. */

import type { Signature, TensorsOf } from '../ir/program.js';
import type { Device } from './device.js';

export interface SessionOptions {
  /** Default `cpu`. */
  readonly device?: Device;
  /** Threads of one run. Results repeat bit for bit only at the same number. */
  readonly threads: number;
  /** Whether waiting threads spin, off unless set: where other processes share the cores, spinning doubled a step's time. */
  readonly spin?: boolean;
  /** Fused ops beyond the ONNX standard; default on, but for WebGPU, which lacks one of them. */
  readonly fused?: boolean;
  /** A file name prefix for onnxruntime's profile of every op, written on release. */
  readonly profilePrefix?: string;
}

export interface Session<In extends Signature, Out extends Signature> {
  /**
   * One run of the program.
   * @throws FeedError when the feeds do not fit, RuntimeFailureError when the runtime fails
   */
  run(feeds: TensorsOf<In>): Promise<TensorsOf<Out>>;
  /** Gives up the session. Memory returns for certain only when the process ends. */
  release(): Promise<void>;
}
