/** What can go wrong with a source: one class a problem. Knows neither HTTP clients nor retries. */

export interface SourceProblem {
  readonly url: string;
  readonly expected: string;
  readonly got: string;
  /** What the user can do about it. */
  readonly advice: string;
}

/** The common part: where, expected, got, what to do. */
export abstract class SourceError extends Error {
  readonly url: string;
  readonly expected: string;
  readonly got: string;
  /** Whether asking again, later, can help. */
  abstract readonly retryable: boolean;

  constructor(problem: SourceProblem) {
    super(`${problem.url}: expected ${problem.expected}, got ${problem.got}; ${problem.advice}`);
    this.url = problem.url;
    this.expected = problem.expected;
    this.got = problem.got;
  }
}

/** The answer has not the shape that the parser knows; `field` is the part that moved. */
export class ParseDriftError extends SourceError {
  override readonly name = 'ParseDriftError';
  override readonly retryable = false;
  constructor(
    url: string,
    readonly field: string,
    expected: string,
    got: string,
  ) {
    super({
      url,
      expected: `${expected} at ${field}`,
      got,
      advice: 'the source changed its format: adapt the parser or import the texts',
    });
  }
}

/** A page made, or broken, so that reading it would take for ever. */
export class HostilePageError extends SourceError {
  override readonly name = 'HostilePageError';
  override readonly retryable = false;
  constructor(url: string, expected: string, got: string) {
    super({
      url,
      expected,
      got,
      advice: 'it was left out; look at the source where this happens to many of its pages',
    });
  }
}

/** HTML, a cut-off body or other text where JSON was due; a lapsed login looks like this too. */
export class NotJsonError extends SourceError {
  override readonly name = 'NotJsonError';
  override readonly retryable = false;
  constructor(url: string, got: string) {
    super({ url, expected: 'JSON', got, advice: 'check the address and whether the source asks for a login' });
  }
}

export class LoginRequiredError extends SourceError {
  override readonly name = 'LoginRequiredError';
  override readonly retryable = false;
  constructor(
    url: string,
    got: string,
    /** One article of a board that is open otherwise: it can be left out. */
    readonly singlePage: boolean,
  ) {
    super({
      url,
      expected: 'a page that is open to all',
      got,
      advice: 'leave this board out, or import its texts from a file',
    });
  }
}

/** A board that is open only to members of a higher grade answers 200 with an empty list. */
export class GradeTooLowError extends SourceError {
  override readonly name = 'GradeTooLowError';
  override readonly retryable = false;
  constructor(url: string) {
    super({
      url,
      expected: 'at least one article',
      got: 'an empty list',
      advice: 'the board may need a higher grade: leave it out',
    });
  }
}

export class ArticleMissingError extends SourceError {
  override readonly name = 'ArticleMissingError';
  override readonly retryable = false;
  constructor(url: string, got: string) {
    super({ url, expected: 'an article', got, advice: 'it was removed: leave it out' });
  }
}

/** The comment service serves only requests that name the article's page as their Referer. */
export class RequestRefusedError extends SourceError {
  override readonly name = 'RequestRefusedError';
  override readonly retryable = false;
  constructor(
    url: string,
    readonly code: string,
    message: string,
  ) {
    super({
      url,
      expected: 'code 1000',
      got: `code ${code} (${message})`,
      advice: 'check the base addresses: the Referer must be the page of the article',
    });
  }
}

export class RobotsDeniedError extends SourceError {
  override readonly name = 'RobotsDeniedError';
  override readonly retryable = false;
  constructor(url: string, reason: string) {
    super({
      url,
      expected: 'robots.txt to allow this address',
      got: reason,
      advice: 'import texts that you may hold instead of crawling',
    });
  }
}

/** The address leads into a private network although the source is a public one. */
export class SsrfBlockedError extends SourceError {
  override readonly name = 'SsrfBlockedError';
  override readonly retryable = false;
  constructor(url: string, got: string) {
    super({
      url,
      expected: 'a public address over http or https',
      got,
      advice: 'check the base address of the source and its redirects',
    });
  }
}

export class BodyTooLargeError extends SourceError {
  override readonly name = 'BodyTooLargeError';
  override readonly retryable = false;
  constructor(
    url: string,
    readonly maxBytes: number,
  ) {
    super({
      url,
      expected: `at most ${maxBytes} bytes after decompression`,
      got: 'more',
      advice: 'raise maxBytes if the source is to be trusted',
    });
  }
}

export class RedirectError extends SourceError {
  override readonly name = 'RedirectError';
  override readonly retryable = false;
  constructor(url: string, got: string) {
    super({
      url,
      expected: 'at most 5 redirects to valid addresses',
      got,
      advice: 'check the base address of the source',
    });
  }
}

/** No answer, or none in time, after every attempt. */
export class UnreachableError extends SourceError {
  override readonly name = 'UnreachableError';
  override readonly retryable = true;
  constructor(url: string, expected: string, got: string) {
    super({ url, expected, got, advice: 'check the network and the address; the same command goes on from here' });
  }
}

/** The server still says no after every attempt. */
export class HttpStatusError extends SourceError {
  override readonly name = 'HttpStatusError';
  override readonly retryable: boolean;
  constructor(
    url: string,
    readonly status: number,
    /** The wait that the server asked for, when it did. */
    readonly retryAfterMs?: number,
  ) {
    super({
      url,
      expected: 'status 200',
      got: `status ${status}`,
      advice: 'wait and run the same command again; it goes on from here',
    });
    this.retryable = status === 429 || status >= 500;
  }
}

/** A body whose compression cannot be undone: unknown, stacked, or broken. */
export class ContentEncodingError extends SourceError {
  override readonly name = 'ContentEncodingError';
  override readonly retryable = false;
  constructor(url: string, got: string) {
    super({
      url,
      expected: 'a body in gzip, deflate, br or as it is',
      got,
      advice: 'check what stands between here and the source',
    });
  }
}
