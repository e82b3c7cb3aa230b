/** A stage that would hand nothing on: the study stops there, rather than measure nothing. */

export class EmptyStageError extends Error {
  readonly retryable = false;
  constructor(
    readonly stage: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`${stage}: expected ${expected}, got ${got}; look at the sources and the target list`);
    this.name = 'EmptyStageError';
  }
}
