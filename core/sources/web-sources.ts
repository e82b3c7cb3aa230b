/** The two web sources of a study from their addresses. Knows no configuration file. */

import { createCafeSource } from './cafe.js';
import { createLegacyCafeSource } from './legacy-page.js';
import { createNewsSource } from './news.js';
import type { Source } from './source.js';

export interface WebAddresses {
  readonly newsBaseUrl: string;
  readonly newsApiBaseUrl: string;
  readonly cafeBaseUrl: string;
  readonly cafeApiBaseUrl: string;
  readonly cafeId: string;
  /** Board of the old HTML pages; `9` unless told. */
  readonly legacyMenuId?: string;
}

/** Addresses of the imitation site, where one server plays every host. */
export function addressesAt(siteUrl: string, cafeId: string): WebAddresses {
  return {
    newsBaseUrl: `${siteUrl}/news`,
    newsApiBaseUrl: `${siteUrl}/apis`,
    cafeBaseUrl: `${siteUrl}/cafe`,
    cafeApiBaseUrl: `${siteUrl}/cafe-apis`,
    cafeId,
  };
}

/** News comments (`news`), posts and comments of the cafe, and its old board (both `cafe`). */
export function createWebSources(addresses: WebAddresses): Source[] {
  const { newsBaseUrl, newsApiBaseUrl, cafeBaseUrl, cafeApiBaseUrl, cafeId: clubId, legacyMenuId = '9' } = addresses;
  const bare = (url: string): string => url.replace(/\/+$/, '');
  return [
    createNewsSource({ pagesUrl: bare(newsBaseUrl), commentsUrl: bare(newsApiBaseUrl) }),
    createCafeSource({ baseUrl: bare(cafeApiBaseUrl), clubId }),
    createLegacyCafeSource({ baseUrl: bare(cafeBaseUrl), clubId, menuId: legacyMenuId }),
  ];
}
