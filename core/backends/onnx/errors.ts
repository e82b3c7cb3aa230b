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

/** onnxruntime refused a model or failed in a run. */
export class RuntimeFailureError extends Error {
  override readonly name = 'RuntimeFailureError';
  constructor(
    readonly program: string,
    readonly during: 'opening' | 'running',
    cause: unknown,
  ) {
    super(`${during} ${program} with onnxruntime: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
