/** The public face of sources: what can be crawled, the crawl itself, and what can go wrong. */

export type { CafeSettings } from './cafe.js';
export { createCafeSource } from './cafe.js';
export type { CrawlCheckpoint, CrawlResult, CrawlState, LedgerEntry } from './crawl-memory.js';
export { joinCheckpoints } from './crawl-memory.js';
export type { CrawlInput } from './crawler.js';
export { crawl } from './crawler.js';
export * from './errors.js';
export type { Get, GetOptions, HttpResponse } from './http.js';
export { createLegacyCafeSource } from './legacy-page.js';
export type { NewsSettings } from './news.js';
export { createNewsSource } from './news.js';
export type { CrawlTask, Source, TaskRequest, TaskResult } from './source.js';
export { CursorFormatError } from './source.js';
