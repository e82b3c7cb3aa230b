/** Problems that a tensor program can have while it is built or verified. Each names the place, what was expected, and what came. */

/** Sizes or ranks that do not fit together. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`${where}: expected ${expected}, got ${got}`);
  }
}

/** Element types that do not fit together. */
export class DTypeError extends Error {
  override readonly name = 'DTypeError';
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`${where}: expected ${expected}, got ${got}`);
  }
}

/** A graph that is put together wrongly: foreign values, names used twice, missing outputs. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  constructor(
    readonly where: string,
    readonly problem: string,
  ) {
    super(`${where}: ${problem}`);
  }
}
