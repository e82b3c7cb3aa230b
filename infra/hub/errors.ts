/** What can go wrong between a name on a model hub and its files on this machine. */

/** A setting's value begins as a hub's name but is none. */
export class HubSourceError extends Error {
  override readonly name = 'HubSourceError';
  readonly retryable = false;
  constructor(readonly source: string) {
    super(
      `${JSON.stringify(source)}: expected hf://ORGANISATION/NAME or hf://ORGANISATION/NAME@REVISION; correct it where it is named`,
    );
  }
}

/** The hub could not be reached, or broke off too often. */
export class HubUnreachableError extends Error {
  override readonly name = 'HubUnreachableError';
  constructor(
    readonly source: string,
    readonly address: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(
      `${source}: ${address} gave no usable answer (${problem}). With a proxy set HTTPS_PROXY, with a mirror HF_ENDPOINT; ` +
        'what was fetched is kept, and the same command goes on from there. Without a network: on another machine fetch ' +
        'config.json, the weights (model.safetensors or pytorch_model.bin) and the tokenizer (tokenizer.json, vocab.txt or ' +
        `spiece.model) of that model, place them in one folder here, and name that folder in place of ${source}.`,
      options,
    );
  }
}

/** The hub refuses, or has no such model. */
export class HubAccessError extends Error {
  override readonly name = 'HubAccessError';
  readonly retryable = false;
  constructor(
    readonly source: string,
    readonly address: string,
    readonly status: number,
    hasToken: boolean,
  ) {
    const access = hasToken
      ? 'the token in HF_TOKEN may not read it: accept the conditions on its page, or use another token'
      : 'where it is private or has conditions, set HF_TOKEN to a token that may read it';
    super(`${source}: ${address} answered ${status}; check the name and the revision, and ${access}`);
  }
}

/** A file came whole, but is not what the hub says it is. */
export class HubDigestError extends Error {
  override readonly name = 'HubDigestError';
  constructor(
    readonly file: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(
      `${file}: expected ${expected}, got ${got}; the file was thrown away: give the command again to fetch it anew`,
    );
  }
}
