/** Opens the sources that a configuration names: the web through the polite client, or the imitation site that comes along. */

import type { CrawlDependencies, OpenSources } from '../activities/crawl.js';
import type { StudyConfig } from '../config/schema.js';
import { createCafeSource } from '../core/sources/cafe.js';
import { createLegacyCafeSource } from '../core/sources/legacy-page.js';
import { createNewsSource } from '../core/sources/news.js';
import type { Source } from '../core/sources/source.js';
import { startFixtureSite } from '../fixtures/site/index.js';
import { createPoliteClient } from '../infra/http/polite-client.js';

type CrawlSettings = StudyConfig['crawl'];

/** Where each host's pages begin. */
interface Places {
  readonly newsPages: string;
  readonly comments: string;
  readonly cafe: string;
  readonly legacyCafe?: string;
  readonly clubId: string;
}

/** The cafe of the study: also the club that the imitation imitates. */
const imitatedClub = '12730407';

function sourcesAt({ newsPages, comments, cafe, legacyCafe, clubId }: Places): Source[] {
  return [
    createNewsSource({ pagesUrl: newsPages, commentsUrl: comments }),
    createCafeSource({ baseUrl: cafe, clubId }),
    ...(legacyCafe
      ? [createLegacyCafeSource({ baseUrl: legacyCafe, clubId, menuId: '9', source: 'cafe-archive' })]
      : []),
  ];
}

function politely(
  { userAgent, requestsPerSecond, concurrency, timeoutMs, maxBytes }: CrawlSettings,
  baseUrls: readonly string[],
  signal: AbortSignal,
) {
  return createPoliteClient({ userAgent, requestsPerSecond, concurrency, timeoutMs, maxBytes, baseUrls, signal });
}

async function openImitation(
  settings: CrawlSettings,
  source: Extract<CrawlSettings['source'], { kind: 'fixture' }>,
  signal: AbortSignal,
): Promise<OpenSources> {
  const site = await startFixtureSite({ seed: source.seed, size: source.size, bias: source.bias });
  const client = politely(settings, [site.url], signal);
  const at = (role: string) => `${site.url}/${role}`;
  return {
    sources: sourcesAt({
      newsPages: at('news'),
      comments: at('apis'),
      cafe: at('cafe-apis'),
      legacyCafe: at('cafe'),
      clubId: imitatedClub,
    }),
    get: client.get,
    showAddress: (url) => url.replace(site.url, 'site:'),
    planted: site.planted,
    async close() {
      await client.close();
      await site.close();
    },
  };
}

function openWeb(
  settings: CrawlSettings,
  source: Extract<CrawlSettings['source'], { kind: 'web' }>,
  signal: AbortSignal,
): OpenSources {
  const { newsBaseUrl, newsApiBaseUrl, cafeApiBaseUrl, cafeId } = source;
  const client = politely(settings, [newsBaseUrl, newsApiBaseUrl, cafeApiBaseUrl], signal);
  return {
    sources: sourcesAt({ newsPages: newsBaseUrl, comments: newsApiBaseUrl, cafe: cafeApiBaseUrl, clubId: cafeId }),
    get: client.get,
    showAddress: (url) => url,
    close: () => client.close(),
  };
}

export const openSources: CrawlDependencies['openSources'] = async (settings, signal) => {
  const { source } = settings;
  if (source.kind === 'fixture') return openImitation(settings, source, signal);
  if (source.kind === 'web') return openWeb(settings, source, signal);
  throw new TypeError('openSources: expected a site, got files, which are imported without a request');
};
