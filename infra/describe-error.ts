/** Turns an error into plain data that can cross a process boundary. Knows no particular error class. */

import type { ErrorDescription } from './model-process-protocol.js';

const maxDetailBytes = 16 * 1024;

/** An error counts as final unless it has a field `retryable: true`. */
export function describeError(thrown: unknown): ErrorDescription {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    name: error.name,
    message: error.message,
    stack: error.stack ?? '',
    details: plainFields(error),
    retryable: 'retryable' in error && error.retryable === true,
  };
}

function plainFields(error: Error): Readonly<Record<string, unknown>> {
  const fields = Object.entries(error).filter(([name, value]) => name !== 'name' && name !== 'cause' && isPlain(value));
  return Object.fromEntries(fields);
}

/** Whether JSON carries the value, within reason. */
function isPlain(value: unknown): boolean {
  try {
    const text = JSON.stringify(value);
    return text !== undefined && text.length <= maxDetailBytes;
  } catch {
    return false;
  }
}
