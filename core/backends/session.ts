/** What every runtime offers for a program, and what it is opened with. */

import type { Signature, TensorsOf } from '../ir/program.js';
import type { HostTensor } from '../tensor.js';
import type { Device } from './device.js';
import type { FeedsOf, Located } from './device-tensor.js';

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
  run(feeds: FeedsOf<In>): Promise<TensorsOf<Out>>;
  /** Gives up the session. Memory returns for certain only when the process ends. */
  release(): Promise<void>;
}

/** What a session is bound to for good: the caller's memory, which runs read as it is by then, and write. */
export interface Bound {
  /** Some of the inputs. */
  readonly feeds: TensorsOf<Signature>;
  /** All outputs. */
  readonly results: TensorsOf<Signature>;
}

/** A session that copies nothing, neither in nor out. */
export interface BoundSession {
  /** Is fed the other inputs. @throws FeedError, RuntimeFailureError */
  run(feeds: TensorsOf<Signature>): Promise<void>;
  release(): Promise<void>;
}

/** What came out of a run that keeps some of its outputs on the device. */
export interface KeptRun {
  /** The outputs to be read. */
  readonly read: Readonly<Record<string, HostTensor>>;
  /** The others, the caller's to dispose of. On a device without a memory of its own they are on the host as well. */
  readonly kept: Readonly<Record<string, Located>>;
}

/** A session whose outputs, but those that it was told to read, stay on the device to be fed again. */
export interface KeepingSession {
  /** @throws FeedError, RuntimeFailureError; feeds are left as they are */
  run(feeds: FeedsOf<Signature>): Promise<KeptRun>;
  release(): Promise<void>;
}
