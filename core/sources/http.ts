/** The port through which sources are read: one GET. Knows nothing of how it is done. */

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly body: Uint8Array;
  /** The address that answered, after redirects. */
  readonly url: string;
}

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Media types for the Accept header. */
  readonly accept?: string;
}

/** Throws a `SourceError` when there is no answer to be had; 4xx answers other than 429 are returned. */
export type Get = (url: string, options?: GetOptions) => Promise<HttpResponse>;
