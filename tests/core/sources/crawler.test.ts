import { createHash } from 'node:crypto';

import { afterEach, describe, expect, it } from 'vitest';

import { createCafeSource } from '../../../core/sources/cafe.js';
import type { CrawlCheckpoint } from '../../../core/sources/crawl-memory.js';
import { joinCheckpoints } from '../../../core/sources/crawl-memory.js';
import type { CrawlInput } from '../../../core/sources/crawler.js';
import { crawl } from '../../../core/sources/crawler.js';
import {
  GradeTooLowError,
  HostilePageError,
  HttpStatusError,
  LoginRequiredError,
  NotJsonError,
  ParseDriftError,
  RobotsDeniedError,
} from '../../../core/sources/errors.js';
import type { Get } from '../../../core/sources/http.js';
import { createLegacyCafeSource } from '../../../core/sources/legacy-page.js';
import { createNewsSource } from '../../../core/sources/news.js';
import type { FixtureSiteOptions } from '../../../fixtures/site/index.js';
import { startFixtureSite } from '../../../fixtures/site/index.js';
import { createPoliteClient } from '../../../infra/http/polite-client.js';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The real site on loopback, read by the real client. */
async function open(options: Partial<FixtureSiteOptions> = {}) {
  const site = await startFixtureSite({ seed: 7, size: 'smoke', tooManyRequests: 0, ...options });
  const client = createPoliteClient({
    userAgent: 'debias/0.1',
    requestsPerSecond: 1_000,
    concurrency: 4,
    timeoutMs: 5_000,
    maxBytes: 5_000_000,
    attempts: 2,
    baseUrls: [site.url],
  });
  closers.push(
    () => client.close(),
    () => site.close(),
  );
  const clubId = '12730407';
  const sources = [
    createNewsSource({ pagesUrl: `${site.url}/news`, commentsUrl: `${site.url}/apis` }),
    createCafeSource({ baseUrl: `${site.url}/cafe-apis`, clubId }),
    createLegacyCafeSource({ baseUrl: `${site.url}/cafe`, clubId, menuId: '9' }),
  ];
  return { site, sources, get: client.get };
}

/** A crawl with its checkpoints kept as a store would keep them: as text. */
function run(site: Awaited<ReturnType<typeof open>>, kept: string[], more: Partial<CrawlInput> = {}) {
  const origin = site.site.url;
  return crawl({
    sources: site.sources,
    get: site.get,
    sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    resumeFrom: joinCheckpoints(kept.map((text): CrawlCheckpoint => JSON.parse(text))),
    checkpointEvery: 3,
    showAddress: (url) => url.replace(origin, 'http://site'),
    hooks: {
      progress: () => undefined,
      checkpoint: async (checkpoint) => void kept.push(JSON.stringify(checkpoint)),
    },
    ...more,
  });
}

/** Fails like a killed process at the given request. */
function dyingAt(request: number, get: Get): Get {
  let requests = 0;
  return async (url, options) => {
    if (++requests >= request) throw new Error('killed');
    return get(url, options);
  };
}

describe('crawl', () => {
  it('crawl reads all texts of the site, each once, sorted, and says what it fetched', async () => {
    const site = await open();
    const { records, ledger } = await run(site, []);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(records.length).toBeGreaterThanOrEqual(site.site.textCount);
    const keys = records.map(({ source, article, id }) => [source, article, id].join('\u0000'));
    expect(keys).toEqual([...keys].sort());
    expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(['comment', 'reply', 'post']));
    expect(records.some(({ status }) => status.deleted)).toBe(true);
    expect(
      ledger
        .filter(({ outcome }) => outcome !== 'ok')
        .map(({ status, outcome }) => `${status} ${outcome}`)
        .sort(),
    ).toEqual(['401 login-required', '404 missing']);
    for (const entry of ledger)
      expect(entry).toMatchObject({
        sha256: expect.stringMatching(/^[\da-f]{64}$/),
        url: expect.stringMatching(/^http:\/\/site\//),
      });
  });

  it('crawl killed anywhere and resumed gives the same bytes', async () => {
    const site = await open();
    const whole = JSON.stringify(await run(site, []));
    for (const request of [1, 4, 11, 20]) {
      const kept: string[] = [];
      await expect(run(site, kept, { get: dyingAt(request, site.get) })).rejects.toThrow('killed');
      // A process that is killed saves nothing more: what the last checkpoint lacks is lost.
      const saved = kept.slice(0, -1);
      expect(JSON.stringify(await run(site, saved))).toBe(whole);
    }
  });

  it('crawl resumed does not ask again for what was saved', async () => {
    const site = await open();
    const kept: string[] = [];
    await expect(run(site, kept, { get: dyingAt(15, site.get) })).rejects.toThrow('killed');
    const before = site.site.requests();
    const { ledger } = await run(site, kept);
    expect(site.site.requests() - before).toBe(ledger.length - 14);
  });

  it('crawl finished gives its result again without a request', async () => {
    const site = await open();
    const kept: string[] = [];
    const first = await run(site, kept);
    const again = await run(site, kept, { get: () => Promise.reject(new Error('no request was due')) });
    expect(again).toEqual(first);
  });

  it('crawl waits out 429 and short failures', async () => {
    const quiet = JSON.stringify(await run(await open(), []));
    const faults = [
      { kind: 'server-error', path: '/news/main', times: 1 },
      { kind: 'truncated', path: '/apis', times: 2 },
      { kind: 'html', path: '/cafe-apis', times: 1 },
    ] as const;
    expect(JSON.stringify(await run(await open({ tooManyRequests: 1, faults }), []))).toBe(quiet);
  });

  it.each([
    ['drift', '/apis', ParseDriftError, /result.commentList.0.contents/],
    ['drift', '/cafe-apis', ParseDriftError, /result.articleList/],
    ['html', '/apis', NotJsonError, /expected JSON/],
    ['truncated', '/apis', NotJsonError, /expected JSON/],
    ['login', '/cafe-apis/cafe-web/cafe-boardlist-api', LoginRequiredError, /open to all/],
    ['empty-list', '/cafe-apis/cafe-web/cafe-boardlist-api', GradeTooLowError, /empty list/],
    ['server-error', '/news', HttpStatusError, /status 503/],
  ] as const)(
    'crawl fails clearly on %s at %s, and goes on from there when it is over',
    async (kind, path, error, message) => {
      const kept: string[] = [];
      const failing = await open({ faults: [{ kind, path }] });
      const failed = run(failing, kept);
      await expect(failed).rejects.toThrow(error);
      await expect(failed).rejects.toThrow(message);
      const well = await open();
      expect(JSON.stringify(await run(well, kept))).toBe(JSON.stringify(await run(well, [])));
    },
  );

  it('crawl quarantines pages that cannot be read without harm, says why, and goes on behind them', async () => {
    const faults = [
      { kind: 'nested', path: '/cafe-apis/cafe-web/cafe-articleapi', times: 4 },
      { kind: 'huge', path: '/cafe/ArticleRead', times: 1 },
      { kind: 'nested', path: '/news/main/list', times: 1 },
    ] as const;
    const whole = await run(await open(), []);
    const { records, ledger } = await run(await open({ faults }), []);
    const left = ledger.filter(({ outcome }) => outcome === 'quarantined');
    expect(left.map(({ source, problem }) => `${source}: ${problem?.replace(/\d+$/, 'N')}`)).toEqual([
      'cafe-12730407-0: expected elements nested at most 1000 deep, got N',
      'cafe-12730407-0: expected elements nested at most 1000 deep, got N',
      'cafe-12730407-9-legacy: expected at most 5000000 bytes after decompression, got more',
      'news: expected elements nested at most 1000 deep, got N',
    ]);
    expect(ledger.filter(({ source }) => source === 'news').some(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(records.length).toBeGreaterThan(0);
    const all = new Set(whole.records.map(({ id }) => id));
    expect(records.filter(({ id }) => !all.has(id))).toEqual([]);
    expect(records.length).toBeLessThan(whole.records.length);
  });

  it('crawl gives up where page after page is hostile, and keeps what it had', async () => {
    const kept: string[] = [];
    const site = await open({ faults: [{ kind: 'nested', path: '/cafe-apis/cafe-web/cafe-articleapi' }] });
    await expect(run(site, kept, { maxQuarantinedInARow: 2 })).rejects.toThrow(HostilePageError);
    expect(kept.length).toBeGreaterThan(0);
  });

  it('crawl asks for nothing where robots.txt forbids it', async () => {
    const site = await open({ robots: 'deny' });
    await expect(run(site, [])).rejects.toThrow(RobotsDeniedError);
    expect(site.site.requests()).toBeLessThanOrEqual(1);
  });

  it('crawl masks personal data before anything is saved', async () => {
    const kept: string[] = [];
    const body = JSON.stringify({
      result: {
        article: { contentHtml: '<p>문의 010-1234-5678</p>' },
        comments: { items: [{ id: 1, content: 'me@example.org' }] },
        articleList: [],
      },
    });
    const source = {
      ...createCafeSource({ baseUrl: 'http://site', clubId: '1' }),
      start: () => [{ kind: 'article', id: '7' }],
    };
    const { records } = await crawl({
      sources: [source],
      get: async (url) => ({ status: 200, headers: {}, url, body: new TextEncoder().encode(body) }),
      sha256: () => '',
      checkpointEvery: 1,
      hooks: {
        progress: () => undefined,
        checkpoint: async (checkpoint) => void kept.push(JSON.stringify(checkpoint)),
      },
    });
    expect(records.map(({ text }) => text)).toEqual(['[이메일]', '문의 [전화번호]']);
    expect(kept.join('')).not.toMatch(/1234|example/);
  });

  it.each([
    ['tags without end', '<div>'.repeat(100_000)],
    ['half a pair', '<p>아파트 \uD83D 좋다</p>'],
    ['NUL', '<p>아파트\u0000 좋다</p>'],
  ])('crawl survives a hostile page: %s', async (_, contentHtml) => {
    const body = JSON.stringify({ result: { article: { contentHtml }, comments: { items: [] } } });
    const source = {
      ...createCafeSource({ baseUrl: 'http://site', clubId: '1' }),
      start: () => [{ kind: 'article', id: '7' }],
    };
    const outcome = await crawl({
      sources: [source],
      get: async (url) => ({ status: 200, headers: {}, url, body: new TextEncoder().encode(body) }),
      sha256: () => '',
      checkpointEvery: 1,
      hooks: { progress: () => undefined, checkpoint: async () => undefined },
    });
    expect(outcome.ledger).toHaveLength(1);
  });

  it('crawl stops at a signal and keeps what it had', async () => {
    const site = await open();
    const kept: string[] = [];
    const stop = new AbortController();
    const progress: number[] = [];
    const stopped = run(site, kept, {
      signal: stop.signal,
      checkpointEvery: 1_000,
      hooks: {
        progress: ({ done }) => {
          progress.push(done);
          if (done === 10) stop.abort(new Error('stop'));
        },
        checkpoint: async (checkpoint) => void kept.push(JSON.stringify(checkpoint)),
      },
    });
    await expect(stopped).rejects.toThrow('stop');
    expect(joinCheckpoints(kept.map((text) => JSON.parse(text)))?.ledger.length).toBeGreaterThanOrEqual(10);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });
});
