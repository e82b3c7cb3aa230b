/** Reads typed fields of a Hugging Face `config.json`, with errors that name the field. Knows no architecture. */

import { isNestedTooDeep, MAX_JSON_LEVELS } from '../json-nesting.js';

/** A field of a model's configuration is missing, of the wrong kind, or unsupported. */
export class ModelConfigError extends Error {
  override readonly name = 'ModelConfigError';
  constructor(
    readonly field: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`config.json: ${field}: expected ${expected}, got ${got}; correct the field or choose another model`);
  }
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}

/** What the bytes of a `config.json` say. @throws ModelConfigError when they are no JSON, or nest too deep */
export function modelConfigJson(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ModelConfigError('(root)', 'JSON', bytes.length === 0 ? 'an empty file' : problem);
  }
  if (isNestedTooDeep(value))
    throw new ModelConfigError('(root)', `at most ${MAX_JSON_LEVELS} levels of objects and lists`, 'more');
  return value;
}

export class ConfigReader {
  readonly #fields: Record<string, unknown>;

  /** @throws ModelConfigError when `json` is no object. */
  constructor(json: unknown) {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new ModelConfigError('(root)', 'an object', show(json));
    this.#fields = { ...json };
  }

  /** A positive whole number; null and absence give `fallback`. */
  count(field: string, fallback?: number): number {
    const value = this.#fields[field] ?? fallback;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
    throw new ModelConfigError(field, 'a positive whole number', show(value));
  }

  /** A finite number within [low, high]; null and absence give `fallback`. */
  number(field: string, fallback: number, low: number, high: number): number {
    const value = this.#fields[field] ?? fallback;
    if (typeof value === 'number' && value >= low && value <= high) return value;
    throw new ModelConfigError(field, `a number from ${low} to ${high}`, show(value));
  }

  /** One of `allowed`; null and absence give `fallback`. */
  choice<T extends string>(field: string, allowed: readonly T[], fallback: T): T {
    const value = this.#fields[field] ?? fallback;
    const found = allowed.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw new ModelConfigError(field, `one of ${allowed.join(', ')}`, show(value));
  }

  flag(field: string, fallback: boolean): boolean {
    const value = this.#fields[field] ?? fallback;
    if (typeof value === 'boolean') return value;
    throw new ModelConfigError(field, 'true or false', show(value));
  }

  /** A token's number below `vocabSize`, or undefined when the field is null or absent. */
  tokenId(field: string, vocabSize: number): number | undefined {
    const value = this.#fields[field] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < vocabSize) return value;
    throw new ModelConfigError(field, `a token below ${vocabSize}`, show(value));
  }

  /** The number of entries of an object field, or undefined when it is absent. */
  sizeOf(field: string): number | undefined {
    const value = this.#fields[field];
    return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
  }

  /** The texts of an object field; none when it is absent. */
  names(field: string): Readonly<Record<string, string>> {
    const value = this.#fields[field] ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) throw new ModelConfigError(field, 'an object', show(value));
    return Object.fromEntries(Object.entries(value).map(([key, name]) => [key, String(name)]));
  }

  /** Fails unless the field is absent, null, or `only`. */
  require(field: string, only: boolean | string): void {
    const value = this.#fields[field] ?? only;
    if (value !== only) throw new ModelConfigError(field, show(only), show(value));
  }
}
