/** Problems of a run: feeds that do not fit the program, and failures of the runtime. */

/** A feed that is missing, unknown, or of another dtype or shape than the program takes. */
export class FeedError extends Error {
  override readonly name = 'FeedError';
  constructor(
    readonly program: string,
    readonly problems: readonly string[],
  ) {
    super(`run of ${program}: ${problems.join('; ')}`);
  }
}

/** The runtime refused a program or failed in a run. */
export class RuntimeFailureError extends Error {
  override readonly name = 'RuntimeFailureError';
  constructor(
    readonly program: string,
    readonly during: 'opening' | 'running',
    cause: unknown,
    readonly runtime: 'onnxruntime' | 'TensorFlow.js' = 'onnxruntime',
  ) {
    super(`${during} ${program} with ${runtime}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
