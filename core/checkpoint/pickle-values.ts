/** What a restricted pickle may hold, and what can be wrong with it. Knows neither opcodes nor tensors. */

/** The bytes are no pickle of the restricted kind. */
export class PickleFormatError extends Error {
  override readonly name = 'PickleFormatError';
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly got: string,
    readonly remedy = 'fetch the file again, or use model.safetensors',
  ) {
    super(`readPytorch: ${where}: expected ${expected}, got ${got}; ${remedy}`);
  }
}

/** The stream asks for code that is not on the list: it may be an attack, and it is not run. */
export class ForbiddenGlobalError extends Error {
  override readonly name = 'ForbiddenGlobalError';
  constructor(readonly global: string) {
    super(
      `readPytorch: the file asks for ${JSON.stringify(global)}, which is not among what tensors need; nothing of it was run: ` +
        'use a file from a source that you trust, or model.safetensors',
    );
  }
}

/** A function or class that the stream may name. */
export interface PickleGlobal {
  readonly global: string;
  call(args: readonly PickleValue[]): PickleValue;
}

/** What an embedder's functions give back, opaque to the machine. */
export interface PickleObject {
  readonly object: unknown;
}

export interface PickleTuple {
  readonly tuple: readonly PickleValue[];
}

export interface PickleList {
  readonly list: PickleValue[];
}

/** A `dict` or an `OrderedDict`; keys that are not text make an error when they are set. */
export type PickleDict = Map<string, PickleValue>;

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickleObject;

export interface PickleRules {
  /** The allowed globals by `module name`. */
  readonly globals: ReadonlyMap<string, PickleGlobal>;
  /** What to say of a global that is not allowed and known to be no danger; undefined for all others. */
  unsupported(module: string, name: string): PickleFormatError | undefined;
  /** What a persistent id stands for. */
  persistent(id: PickleValue): PickleValue;
}

export function isTuple(value: PickleValue): value is PickleTuple {
  return typeof value === 'object' && value !== null && 'tuple' in value;
}

export function isGlobal(value: PickleValue): value is PickleGlobal {
  return typeof value === 'object' && value !== null && 'global' in value;
}

/** A value in a few words, for messages. */
export function describePickle(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value !== 'object') return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : `${value}`;
  if (value instanceof Map) return 'a dict';
  if (isTuple(value)) return `a tuple of ${value.tuple.length}`;
  if ('list' in value) return `a list of ${value.list.length}`;
  return 'global' in value ? value.global.slice(0, 60) : 'an object';
}
