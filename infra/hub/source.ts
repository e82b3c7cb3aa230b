/** Reads the names of models on a hub. Knows no network. */

import { HubSourceError } from './errors.js';

export interface HubSource {
  /** As written, for messages. */
  readonly text: string;
  /** `organisation/name`, or a bare name. */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

const scheme = 'hf://';
const part = '[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?';
const pattern = new RegExp(`^(${part}(?:/${part})?)(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,200}))?$`);

export function isHubSource(text: string): boolean {
  return text.startsWith(scheme);
}

/** `hf://organisation/name@revision`; the revision is `main` unless it is named. @throws HubSourceError */
export function parseHubSource(text: string): HubSource {
  const [, repository, revision = 'main'] = pattern.exec(text.slice(scheme.length)) ?? [];
  if (!isHubSource(text) || repository === undefined || /\.\./.test(text)) throw new HubSourceError(text);
  return { text, repository, revision };
}

/** Whether the revision is a commit, whose files never change. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}
