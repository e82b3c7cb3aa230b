/** What can go wrong between a checkpoint's writer and the store. */

/** A later attempt at the same stage has begun; this one must stop without writing. */
export class FencedError extends Error {
  constructor(
    readonly stageKey: string,
    readonly epoch: number,
    readonly newestEpoch: number,
  ) {
    super(
      `commit: attempt ${epoch} at stage ${stageKey} was overtaken by attempt ${newestEpoch}; ` +
        'it stops here, the newer one goes on',
    );
    this.name = 'FencedError';
  }
}

/** The same step of the same stage came out differently the second time. */
export class DeterminismViolationError extends Error {
  constructor(
    readonly key: string,
    readonly committed: string,
    readonly computed: string,
  ) {
    super(
      `commit: ${key} holds content ${committed}, this attempt computed ${computed} for the same step; ` +
        'the run is not repeatable: compare fingerprints, thread counts and inputs of the two attempts',
    );
    this.name = 'DeterminismViolationError';
  }
}

/** The machine or its libraries are not those that wrote the checkpoint, so the bits would differ. */
export class FingerprintMismatchError extends Error {
  constructor(
    readonly key: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(
      `newest: ${key} was written with fingerprint ${expected}, this process has ${actual}; go on where it was ` +
        'written, or allow the drift and give up bit-for-bit repeatability',
    );
    this.name = 'FingerprintMismatchError';
  }
}
