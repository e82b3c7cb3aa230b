/** Which failures may pass by themselves. Every other one stops the study at once and says why. */

/** Error classes that another attempt may not meet again: a process died, a store was away, a newer attempt took over. */
const transientErrors: ReadonlySet<string> = new Set([
  'ModelProcessDiedError',
  'ModelProcessStalledError',
  'StoreUnavailableError',
  'BlobCorruptError',
  'FencedError',
]);

/** An error may say of itself whether asking again can help (`retryable`), as those of sources and jobs do. */
export function isTransient(error: Error): boolean {
  return ('retryable' in error && error.retryable === true) || transientErrors.has(error.name);
}
