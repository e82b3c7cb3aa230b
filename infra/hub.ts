/**
 * Fetches a model from the Hugging Face hub, or a mirror of it, into a cache folder: only the files that the program reads, each
 * checked by its digest. Knows no store and no model.
 *
 * Addresses: huggingface.co/docs/hub/api (`/api/models/NAME/revision/REVISION?blobs=true`, `/NAME/resolve/COMMIT/FILE`).
 */

import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readShardIndex, weightFileAmong, weightLayoutNames } from '../core/checkpoint/model-weights.js';
import { tokenizerFilesAmong, tokenizerLayoutNames } from '../core/text/tokenizer-layouts.js';
import { isWhole, markWhole, rememberCommit, rememberedCommit } from './hub/cached-model.js';
import { createHubClient, type HubClient, type ProxySettings } from './hub/client.js';
import { download } from './hub/download.js';
import { digestOfFile, type HubDigest } from './hub/digest.js';
import { HubUnreachableError } from './hub/errors.js';
import { readListing, type Listing } from './hub/listing.js';
import { isCommit, parseHubSource, type HubSource } from './hub/source.js';

export interface HubSettings {
  readonly endpoint: string;
  readonly token?: string;
  readonly proxy: ProxySettings;
  /** Models are kept below its folder `models`. */
  readonly cacheFolder: string;
  /** Hears, line by line, of what takes long. */
  onProgress(line: string): void;
  /** Longest silence on a connection; 30 s unless given. */
  readonly idleTimeoutMs?: number;
  /** First wait before another try; 1 s unless given, doubled each time. */
  readonly retryDelayMs?: number;
}

/** The model on the hub lacks what the program needs. */
export class HubFilesMissingError extends Error {
  override readonly name = 'HubFilesMissingError';
  readonly retryable = false;
  constructor(
    readonly source: string,
    readonly missing: string,
    readonly present: readonly string[],
  ) {
    super(
      `${source}: expected ${missing} among its files, got ${present.slice(0, 20).join(', ')}; choose another model or revision`,
    );
  }
}

const idleTimeoutMs = 30_000;
const retryDelayMs = 1_000;
const patience = 5;
const smallFiles = ['config.json', 'generation_config.json', 'tokenizer_config.json', 'special_tokens_map.json'];

interface Fetching {
  readonly source: HubSource;
  readonly client: HubClient;
  readonly settings: HubSettings;
  readonly listing: Listing;
  /** Where the files go. */
  readonly folder: string;
}

/** The files that the program reads, weights last; shards are named by the index, which comes first. */
function filesToFetch({ text }: HubSource, names: readonly string[]): string[] {
  const weights = weightFileAmong(names);
  const tokenizer = tokenizerFilesAmong(names);
  if (!names.includes('config.json')) throw new HubFilesMissingError(text, 'config.json', names);
  if (weights === undefined) throw new HubFilesMissingError(text, `one of ${weightLayoutNames.join(', ')}`, names);
  if (tokenizer === undefined) throw new HubFilesMissingError(text, `one of ${tokenizerLayoutNames.join(', ')}`, names);
  return [...smallFiles.filter((name) => names.includes(name)), ...tokenizer, weights];
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** Says a line at the first bytes and then for every tenth. */
function progressLines(name: string, onProgress: HubSettings['onProgress']) {
  let said = -1;
  return (done: number, total: number | undefined) => {
    const tenth = total ? Math.floor((10 * done) / total) : 0;
    if (tenth === said) return;
    said = tenth;
    onProgress(`${name}: ${megabytes(done)} of ${total ? megabytes(total) : '?'} MB`);
  };
}

/** The digest of a file that is in the cache and right; else it is fetched. */
async function ensureFile({ source, client, settings, listing, folder }: Fetching, name: string): Promise<HubDigest> {
  const file = join(folder, name);
  const known = listing.files.get(name);
  if (known !== undefined && existsSync(file) && (await digestOfFile(file, known)) === known) return known;
  return download(client, {
    source: source.text,
    path: `${source.repository}/resolve/${listing.commit}/${encodeURIComponent(name)}`,
    file,
    ...(known === undefined ? {} : { digest: known }),
    patience,
    retryDelayMs: settings.retryDelayMs ?? retryDelayMs,
    onBytes: progressLines(`${source.repository}/${name}`, settings.onProgress),
  });
}

async function ensureFiles(fetching: Fetching): Promise<Record<string, HubDigest>> {
  const { source, listing, folder } = fetching;
  const digests: Record<string, HubDigest> = {};
  for (const name of filesToFetch(source, [...listing.files.keys()])) {
    digests[name] = await ensureFile(fetching, name);
    if (!name.endsWith('.index.json')) continue;
    for (const shard of new Set(readShardIndex(name, await readFile(join(folder, name))).values()))
      digests[shard] = await ensureFile(fetching, shard);
  }
  return digests;
}

async function fetchInto(root: string, modelFolder: string, source: HubSource, settings: HubSettings): Promise<string> {
  const { endpoint, token, proxy } = settings;
  const silence = settings.idleTimeoutMs ?? idleTimeoutMs;
  const client = createHubClient({ endpoint, ...(token ? { token } : {}), proxy, idleTimeoutMs: silence });
  try {
    // What was fetched before can be used at once.
    const isKnown = (await rememberedCommit(modelFolder, source.revision)) !== undefined;
    const delayMs = settings.retryDelayMs ?? retryDelayMs;
    const listing = await readListing(client, source, { patience: isKnown ? 1 : patience, retryDelayMs: delayMs });
    const folder = join(modelFolder, listing.commit);
    if (!(await isWhole(folder))) {
      await mkdir(folder, { recursive: true });
      settings.onProgress(`fetching ${source.repository} at ${listing.commit.slice(0, 12)} from ${client.endpoint}`);
      await markWhole(root, folder, await ensureFiles({ source, client, settings, listing, folder }));
    }
    await rememberCommit(root, modelFolder, source.revision, listing.commit);
    return folder;
  } finally {
    await client.close();
  }
}

/**
 * The folder that holds the files of a model named `hf://organisation/name@revision`. Nothing is fetched twice; a commit that
 * is there whole needs no network, and a branch or tag that cannot be asked for is taken as it was last time.
 * @throws HubSourceError @throws HubUnreachableError @throws HubAccessError @throws HubDigestError @throws HubFilesMissingError
 */
export async function fetchHubModel(text: string, settings: HubSettings): Promise<string> {
  const source = parseHubSource(text);
  const root = join(settings.cacheFolder, 'models');
  const modelFolder = join(root, source.repository.replaceAll('/', '--'));
  if (isCommit(source.revision) && (await isWhole(join(modelFolder, source.revision))))
    return join(modelFolder, source.revision);
  try {
    return await fetchInto(root, modelFolder, source, settings);
  } catch (error) {
    const commit =
      error instanceof HubUnreachableError ? await rememberedCommit(modelFolder, source.revision) : undefined;
    if (commit === undefined || !(await isWhole(join(modelFolder, commit)))) throw error;
    settings.onProgress(`${source.text} cannot be asked for; using what was fetched before, ${commit.slice(0, 12)}`);
    return join(modelFolder, commit);
  }
}
