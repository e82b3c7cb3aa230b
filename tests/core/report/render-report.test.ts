import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { renderReport, type ReportInput } from '../../../core/report/index.js';
import { HOSTILE, measuredInTwoWays, syntheticInput } from './synthetic-input.js';

const input = syntheticInput();
const page = renderReport(input);
const documentOf = (text: string) => parseHTML(text).document;
/** Runs of spaces and line ends as one space; no-break spaces stay. */
const oneLine = (text: string): string => text.replace(/[ \n]+/g, ' ');
const textOf = (text: string): string => oneLine(documentOf(text).body.textContent);

describe('renderReport', () => {
  it('is the same for the same input', () => {
    expect(renderReport(input)).toBe(page);
  });

  it('answers in numbers first', () => {
    const answer = oneLine(documentOf(page).querySelector('.answer')!.textContent);
    expect(answer).toMatch(/differs in sentiment by 0\.\d\d among housing types/);
    expect(answer).toMatch(/falls by \d+\u00a0% among housing types \(95\u00a0% interval/);
    expect(answer).toMatch(/Perplexity on general text becomes 7\.5\u00a0% worse \(24\.1 → 25\.9\)/);
    expect(answer).toMatch(/rank correlation of 0\.9\d/);
  });

  it('sets the study’s figures beside this run’s', () => {
    const rows = [...documentOf(page).querySelectorAll('#beside-study tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent!.trim()),
    );
    expect(rows).toContainEqual(['figure', 'baseline', '1 epoch', '2 epochs', '3 epochs', '4 epochs', '5 epochs']);
    expect(rows).toContainEqual(['mean reward, the study', '−0.500', '0.900', '0.100', '–', '–', '–']);
    const reward = input.results.ppo.map((point) => point.reward!.mean.toFixed(3));
    expect(rows).toContainEqual(['mean reward, this run', '0.021', ...reward.slice(0, 3), '–', reward[3]!]);
    expect(rows).toContainEqual(expect.arrayContaining(['90 of 180', '50.0\u00a0%', '1,000 of 2,500', '40.0\u00a0%']));
  });

  it('counts the significant pairs before and after, and says what the design can find', () => {
    const [before, after] = [input.results.bias.baseline.pairs!, input.results.ppo[0]!.pairs!];
    const rows = [...documentOf(page).querySelectorAll('#pairs tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent!.trim().replace(/ \(.*/, '')),
    );
    const shown = (n: number): string => n.toLocaleString('en');
    expect(rows).toContainEqual(['all', '12,090', shown(before.significant), shown(after.significant)]);
    expect(textOf(page)).toContain(`a difference of ${before.detectable.planned.toFixed(2)} between two keywords`);
  });

  it('shows episodes of the recommended point: of its first, its middle and its last batch', () => {
    const table = documentOf(page).querySelector('#training table')!;
    const rows = [...table.querySelectorAll('tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent!.trim()),
    );
    const { epochs, seed } = input.results.best!;
    const curve = input.curves.ppo.find((one) => one.epochs === epochs && one.seed === seed)!;
    expect(rows.map(([batch]) => batch)).toEqual(['1', '5', '10'].flatMap((batch) => Array(4).fill(batch)));
    const { query, response, score, kl, klPenalty, totalReward } = curve.episodes!.find(
      ({ batch, episode }) => batch === 5 && episode === 0,
    )!;
    const figures = [score, kl, klPenalty, totalReward].map((figure) => figure.toFixed(2).replace('-', '−'));
    expect(rows[4]).toEqual(['5', query, response, ...figures]);
    const without = { ...input.curves, ppo: input.curves.ppo.map(({ episodes: _none, ...rest }) => rest) };
    expect(textOf(renderReport({ ...input, curves: without }))).not.toContain('What PPO saw');
  });

  it('follows the same prompts along PPO', () => {
    const table = [...documentOf(page).querySelectorAll('#training table')].at(-1)!;
    const rows = [...table.querySelectorAll('tr')].map((row) =>
      [...row.children].map((cell) => oneLine(cell.textContent).trim()),
    );
    expect(rows[0]).toEqual(['prompt', 'before PPO', 'after 5 batches', 'after 10 batches']);
    expect(rows.slice(1).map(([prompt]) => prompt)).toEqual([
      '아파트는',
      '오피스텔는',
      '단독주택는',
      '빌라는',
      '반지하는',
    ]);
    expect(rows[5]!.slice(1)).toEqual([
      '반지하는 살기 좋다 0 0.50',
      '반지하는 살기 좋다 5 0.70',
      '반지하는 살기 좋다 10 0.90',
    ]);
  });

  it('says where a PPO batch’s time went, where it was timed', () => {
    const rows = [...documentOf(page).querySelectorAll('#pipeline details tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent!.trim()),
    );
    expect(rows).toEqual([
      ['part', '1 epoch', '2 epochs', '3 epochs', '5 epochs'],
      ['writing responses', '2.000', '2.000', '2.000', '2.000'],
      ['scoring them with the reward model', '0.500', '0.500', '0.500', '0.500'],
      ['optimiser steps', '4.000', '8.000', '12.000', '20.000'],
      ['whole batch', '11.000', '15.000', '19.000', '27.000'],
      // 128 episodes in 11, 15, 19 and 27 seconds.
      ['episodes a second', '11.6', '8.5', '6.7', '4.7'],
    ]);
    const without = { ...input.curves, ppo: input.curves.ppo.map(({ seconds: _none, ...rest }) => rest) };
    expect(textOf(renderReport({ ...input, curves: without }))).not.toContain('episodes a second');
  });

  it('says how reliable keyword means are, what that allows, and how many sentences more would take', () => {
    const { reliability, truth, rankCorrelation, ...rest } = input.results.bias.baseline;
    const shown = (n: number): string => n.toFixed(2);
    const { halves, value, ceiling } = reliability!;
    expect(textOf(page)).toContain(
      `correlate at ${shown(halves)} with those of the other half, which makes ${shown(value)} for all 10 sentences`,
    );
    expect(textOf(page)).toContain(`with any truth at ${shown(ceiling)} at most`);
    expect(textOf(page)).toContain(
      `the rank correlation of ${shown(rankCorrelation!.spearman)} with the planted truth would be about ${shown(truth!.corrected!)}`,
    );
    const keywords = rest.keywords.map(({ planted: _planted, ...row }) => row);
    const coarse = { sentences: 10, halves: 0.5, value: 2 / 3, ceiling: Math.sqrt(2 / 3) };
    const unplanted = { ...rest, keywords, reliability: coarse };
    const bare = textOf(renderReport({ ...input, results: { ...input.results, bias: { baseline: unplanted } } }));
    // 10 · (0.9 / 0.1) · (1/3 / 2/3) = 45.
    expect(bare).toContain('For a reliability of 0.9 it would take 45 sentences.');
    expect(bare).not.toContain('correction for attenuation');
  });

  it('leaves out what a measurement alone does not have', () => {
    const { reward: _reward, ...results } = input.results;
    const measured = renderReport({ ...input, results: { ...results, kind: 'measurement', ppo: [], best: null } });
    const ids = [...documentOf(measured).querySelectorAll('main section')].map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(['answer', 'by-keyword', 'pairs', 'classifiers', 'limits', 'reproduce']),
    );
    expect(ids).not.toEqual(expect.arrayContaining(['sweep']));
    expect(textOf(measured)).not.toContain('mitigated');
  });

  it('says how many rows were left out where nothing was crawled either', () => {
    const { vocabulary: _none, ...rest } = input.results;
    const results = { ...rest, kind: 'measurement', ppo: [], best: null } as const;
    const { title, textLanguage, reproduction } = input;
    const bare = { title, textLanguage, reproduction, results, curves: { finetune: [], ppo: [] }, samples: [] };
    expect(renderReport(bare)).not.toContain('id="data"');
    const data = (skippedRows: number): string =>
      documentOf(renderReport({ ...bare, skippedRows })).querySelector('#data')!.textContent!;
    expect(data(3)).toContain('3 malformed rows of the given files were left out, as asked.');
    expect(data(1)).toContain('1 malformed row of the given files was left out, as asked.');
    expect(data(1)).not.toContain('vocabulary');
  });

  it('draws the map’s panels before and after, and no panel without a measured keyword', () => {
    const map = documentOf(page).querySelector('#map')!;
    expect([...map.querySelectorAll('h3')].map((title) => title.textContent)).toEqual(['Twelve places']);
    const [before, after] = [...map.querySelectorAll('svg[role=img]')];
    expect([before, after].map((plot) => plot!.querySelectorAll('rect').length)).toEqual([12, 12]);
    const { map: _map, ...without } = input;
    expect(documentOf(renderReport(without)).querySelector('#map')).toBeNull();
  });

  it('shades the matrix of a small group cell by cell, with the distance written in', () => {
    const [plot] = [...documentOf(page).querySelectorAll('#distances svg[role=img]')];
    const scores = input.results.bias.baseline.keywords
      .filter(({ group }) => group === 'types')
      .map(({ score }) => score)
      .sort((a, b) => a - b);
    expect(plot!.querySelectorAll('rect')).toHaveLength(25);
    expect(plot!.textContent).toContain((scores[4]! - scores[0]!).toFixed(2));
  });

  it('names collapsed points in words on the first screen', () => {
    expect(oneLine(documentOf(page).querySelector('.answer')!.textContent)).toMatch(
      /Collapsed: [12] of 4 points \(.*5 epochs\)/,
    );
  });

  it('lists the extremes of both ends beside the study’s range', () => {
    const rows = documentOf(page).querySelectorAll('#beside-study details tbody tr');
    expect(rows).toHaveLength(50);
    const sorted = input.results.bias.baseline.keywords.toSorted((a, b) => b.score - a.score);
    expect([...rows[0]!.children].map((cell) => cell.textContent!.trim())).toEqual(
      expect.arrayContaining([sorted[0]!.keyword, sorted.at(-1)!.keyword]),
    );
  });

  it('shows further measures, learning curve, trajectories, differences and the new words’ effect where there are any', () => {
    const text = textOf(page);
    expect(text).toContain('word list');
    expect(text).toContain('Learning curve of the reward model');
    expect(text).toContain('Distance among regions along PPO');
    expect(text).toMatch(/epochs 2, seed 0|epochs\u00a02 seed\u00a00/);
    expect(text).toContain('900 of 12,031 texts (7.5\u00a0%) are now written with other tokens');
    expect(text).toContain('(+4.0\u00a0%)');
    expect(text).toContain('too rare');
  });

  it('calls points by what the sweep varies', () => {
    const named = (kl: number, i: number) => ({
      ...input.results.ppo[i]!,
      epochs: 1,
      label: `epochs=1 seed=0 klCoefficient=${kl}`,
    });
    const results = { ...input.results, ppo: [named(0.1, 0), named(0.2, 1)], missing: [], best: null };
    const text = textOf(renderReport(syntheticInput({ results })));
    expect(text).toContain('The points of the sweep');
    expect(text).toContain('1 epoch, klCoefficient=0.2');
  });

  it('sets no figure beside one that was measured in another way, and says so', () => {
    const results = { ...measuredInTwoWays(), missing: [] };
    const shown = documentOf(renderReport(syntheticInput({ results })));
    const answer = oneLine(shown.querySelector('.answer')!.textContent);
    expect(answer).toContain('measured with n 1; points measured with n 2 have figures of their own');
    for (const n of [1, 2])
      expect(oneLine(shown.querySelector('#sweep')!.textContent)).toContain(`All points, measured with n ${n}:`);
    expect(oneLine(shown.querySelector('#sweep')!.textContent)).toContain(
      'Of the points measured with n 2 the best is 2 epochs, n=2',
    );
    expect(oneLine(shown.querySelector('#limits')!.textContent)).toContain('Points were measured in 2 ways');
    const writing = oneLine(shown.querySelector('#writing table')!.textContent);
    expect(writing).toContain('PPO, 1 epoch, n=1');
    expect(writing).not.toContain('n=2');
  });

  it('names a point whose perplexity ran away, and does not draw it', () => {
    const [first, second] = input.results.ppo;
    const collapsed = { ...second!, quality: { ...second!.quality, generalPerplexity: 1e25 } };
    const results = { ...input.results, ppo: [first!, collapsed], missing: [] };
    const sweep = documentOf(renderReport(syntheticInput({ results }))).querySelector('#sweep')!;
    const told = [...sweep.querySelectorAll('figure')].filter((figure) =>
      oneLine(figure.querySelector('figcaption')!.textContent).includes('rose more than tenfold: 2'),
    );
    expect(told).toHaveLength(2);
    for (const figure of told) expect(figure.querySelector('svg desc')!.textContent).not.toMatch(/e\+|^2:|; 2:/);
  });

  it('says how many keywords have an interval of no width, and what it hides', () => {
    const shown = (results: typeof input.results) =>
      oneLine(documentOf(renderReport(syntheticInput({ results }))).querySelector('#by-keyword')!.textContent);
    expect(shown(input.results)).not.toContain('no width');
    const { baseline } = input.results.bias;
    const keywords = baseline.keywords.map((row, i) =>
      i < 3 ? { ...row, interval: [0.01, 0.015] as [number, number] } : row,
    );
    const results = { ...input.results, bias: { ...input.results.bias, baseline: { ...baseline, keywords } } };
    // Three by ten sentences.
    expect(shown(results)).toMatch(/For 3 of 156 keywords before mitigation and 0 after all.*up to 30\s% may/);
  });

  it('says in words that no point improved', () => {
    const worse = { ...input.results.ppo[0]!, distance: { types: 0.9, regions: 0.9 } };
    const results = { ...input.results, ppo: [worse], missing: [] };
    const shown = documentOf(renderReport(syntheticInput({ results })));
    expect(oneLine(shown.querySelector('.answer')!.textContent)).toContain('No point improved on the model before PPO');
    expect(oneLine(shown.querySelector('#sweep')!.textContent)).not.toContain('Recommended');
  });

  it('draws every plot with a title and a description, each with its own', () => {
    const plots = [...documentOf(page).querySelectorAll('figure svg[role=img]')];
    expect(plots.length).toBeGreaterThan(12);
    for (const plot of plots) {
      expect(plot.querySelector('title')!.textContent).not.toBe('');
      expect(plot.querySelector('desc')!.textContent!.length).toBeGreaterThan(10);
    }
    expect(new Set(plots.map((plot) => plot.getAttribute('aria-label'))).size).toBe(plots.length);
  });

  it('names missing points, health flags, reused stages, configuration and digests', () => {
    const text = textOf(page);
    expect(text).toContain('epochs 4, seed 0: GuardError: loss was not finite at batch 7');
    expect(text).toContain('general perplexity is 66\u00a0% worse');
    expect(text).toMatch(/crawl ?21 s ?reused/);
    expect(text).toContain('learningRate: 3.0e-5');
    expect(text).toContain('ab'.repeat(32));
  });

  it('needs nothing from outside and holds no script', () => {
    expect(page).not.toMatch(/<script|<link rel="stylesheet"|@import|url\(|<iframe|\son\w+="(?!=)/i);
    expect(
      [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target]) => target!).filter((t) => !/^(#|data:,$)/.test(t)),
    ).toEqual([]);
    expect(page).toContain(`default-src &#39;none&#39;`);
  });

  it('keeps hostile text as text wherever it can come from', () => {
    for (const text of HOSTILE.slice(0, 3)) {
      const evil = renderReport(everywhere(text));
      const document = documentOf(evil);
      expect(document.querySelectorAll('script, img, iframe, [onerror], [onload]')).toHaveLength(0);
      expect(document.querySelectorAll('head style, body style:not(svg style)')).toHaveLength(1);
      expect(document.querySelector('h1')!.textContent).toBe(text);
    }
  });

  it('shows what there is when most is missing', () => {
    const { title, textLanguage, reproduction, results } = input;
    const bare: ReportInput = {
      title,
      textLanguage,
      reproduction: { ...reproduction, digests: [] },
      results: { ...results, ppo: [], best: null, bias: { baseline: oneKeyword() } },
      curves: { finetune: [], ppo: [] },
      samples: [],
    };
    const text = textOf(renderReport(bare));
    expect(text).toContain('No mitigated model was measured');
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(textOf(page)).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('shows several seeds, and a study with groups of its own', () => {
    const [first] = input.results.ppo;
    const results = { ...input.results, ppo: [first!, { ...first!, seed: 1 }] };
    expect(textOf(renderReport(syntheticInput({ results })))).toContain('1 epoch, seed 1');
  });
});

function oneKeyword(): ReportInput['results']['bias']['baseline'] {
  return {
    keywords: [{ keyword: 'nurse', group: 'occupations', n: 4, score: 0.5 }],
    reward: { mean: 0, median: 0, notNegative: 1 },
    distance: { occupations: 0 },
    quality: { generalPerplexity: 20, distinct2: 0.5 },
  };
}

/** The same input with `text` as every text that a user, a model or a web site can choose. */
function everywhere(text: string): ReportInput {
  const rename = <T extends { readonly keywords: readonly { readonly keyword: string }[] }>(result: T): T => ({
    ...result,
    keywords: result.keywords.map((row, i) => (i === 0 ? { ...row, keyword: text } : row)),
  });
  const { results } = input;
  return syntheticInput({
    title: text,
    groupLabels: { types: text },
    results: {
      ...results,
      run: text,
      preset: text,
      fingerprint: { [text]: text },
      stages: [{ name: text, seconds: 1, reused: false }],
      bias: { baseline: rename(results.bias.baseline) },
      ppo: results.ppo.map(rename),
      missing: [{ epochs: 9, seed: 0, reason: text }],
      labelled: [{ keyword: text, labelled: 1, total: 2 }],
    },
    study: { name: text, note: text, labelledShare: [{ keyword: text, labelled: 1, total: 2 }] },
    cleaning: { collected: [{ name: text, count: 1 }], kept: 1, dropped: [{ name: text, count: 1 }] },
    explore: [{ keyword: text, texts: 1, nouns: [{ name: text, count: 1 }] }],
    vocabulary: [{ word: text, replaced: text, piecesBefore: 1, count: 1 }],
    vocabularyCandidates: [{ word: text, count: 1, piecesBefore: 1, piecesAfter: 1, saved: 0, decision: text }],
    nouns: [{ noun: text, count: 1, texts: 1, foundBy: [text] }],
    map: [{ name: text, tiles: [{ keyword: text, column: 0, row: 0 }] }],
    generalSamples: [{ kind: 'general', prompt: text, before: text, after: `${text}.` }],
    curves: {
      ...input.curves,
      ppo: input.curves.ppo.map((curve) => ({
        ...curve,
        episodes: curve.episodes!.map((episode) => ({ ...episode, query: text, response: text })),
        followed: [{ batch: 1, prompt: text, text, score: 0.5 }],
        seconds: [{ batch: 1, episodes: 1, phases: { [text]: 1 }, total: 1 }],
      })),
    },
    limits: [text],
    reproduction: {
      configuration: text,
      commands: [text],
      digests: [{ name: text, sha256: text }],
      versions: { [text]: text },
    },
  });
}
