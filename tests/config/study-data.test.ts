import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { programFile } from '../../config/root.js';
import { DataFileError } from '../../config/errors.js';
import {
  parseLabelledTexts,
  parseMap,
  parsePrompts,
  parseSentimentWords,
  parseTargets,
  parseTextLines,
} from '../../config/study-data.js';
import { keywordMatcher } from '../../core/text/keywords.js';
import { normalizeText } from '../../core/text/normalize.js';

const targets = 'schema: debias.targets/1\nname: t\nlanguage: en\ngroups:\n  jobs: [nurse, pilot]\n';

describe('parseTargets', () => {
  test('reads groups in order', () => {
    expect(parseTargets(targets, 'targets.yaml').groups).toEqual({ jobs: ['nurse', 'pilot'] });
  });

  test('refuses a keyword that stands twice', () => {
    expect(() => parseTargets(`${targets}  more: [pilot]\n`, 'targets.yaml')).toThrow(
      'targets.yaml:6: groups: expected each keyword once, got "pilot" twice; leave one out',
    );
  });

  test.each([
    ['"nurse\\u00a0practitioner"', 'nurse practitioner', '"nurse\\u00a0practitioner"', '"nurse practitioner"'],
    ['"nurse  practitioner"', 'nurse practitioner', '"nurse  practitioner"', '"nurse practitioner"'],
    ['"nur\\u00adse"', 'nurse', '"nur\\u00adse"', '"nurse"'],
    ['Nurse', 'nurse', '"Nurse"', '"nurse"'],
    ['aaaaaargh', 'AAAargh', '"aaaaaargh"', '"AAAargh"'],
    ['ΓΙΑΤΡΌΣ', 'γιατρός', '"ΓΙΑΤΡΌΣ"', '"γιατρός"'],
  ])('refuses %s beside %s, which are one in texts', (second, first, secondShown, firstShown) => {
    const text = `${targets.replace('[nurse, pilot]', `["${first}", pilot]`)}  more:\n    - judge\n    - ${second}\n`;
    expect(() => parseTargets(text, 'targets.yaml')).toThrow(
      `targets.yaml:8: groups: expected each keyword once, got ${secondShown} beside ${firstShown} (line 5), which texts do not tell apart`,
    );
  });

  test('takes for one just what texts do not tell apart', () => {
    const letter = fc.constantFrom(
      'a',
      'A',
      'aaaa',
      'ς',
      'Σ',
      'σ',
      'İ',
      'i',
      'é',
      'e\u0301',
      '\u00a0',
      '  ',
      '\u00ad',
      'ſ',
      's',
    );
    const word = fc.array(letter, { minLength: 1, maxLength: 3 }).map((parts) => `x${parts.join('')}x`);
    fc.assert(
      fc.property(word, word, (one, other) => {
        const text = `${targets.slice(0, targets.indexOf('groups'))}groups: ${JSON.stringify({ a: [one, other] })}\n`;
        const told = keywordMatcher([one]).find(normalizeText(other)).length === 0;
        let taken = true;
        try {
          parseTargets(text, 'targets.yaml');
        } catch {
          taken = false;
        }
        expect(taken).toBe(told);
      }),
      { numRuns: 500 },
    );
  });

  test('refuses a keyword of which texts hold nothing', () => {
    const text = targets.replace('[nurse, pilot]', '[nurse, "\\u200b"]');
    expect(() => parseTargets(text, 'targets.yaml')).toThrow(
      'targets.yaml:5: groups: expected words, got "\\u200b", of which nothing is seen; write it anew or leave it out',
    );
  });

  test('gives keywords, groups and labels in composed form, and refuses two groups that are one in it', () => {
    const text = targets.replace('jobs: [nurse', 'me\u0301tiers: [infirmie\u0300re');
    const labelled = `${text}labels: { me\u0301tiers: les me\u0301tiers }\n`;
    const { groups, labels } = parseTargets(labelled, 'targets.yaml');
    expect(groups).toEqual({ 'm\u00e9tiers': ['infirmi\u00e8re', 'pilot'] });
    expect(labels).toEqual({ 'm\u00e9tiers': 'les m\u00e9tiers' });
    expect(() => parseTargets(`${text}  m\u00e9tiers: [judge]\n`, 'targets.yaml')).toThrow(
      /^targets\.yaml:6: .*unique/,
    );
  });

  test('refuses a label for a group that does not exist, and names the nearest', () => {
    expect(() => parseTargets(`${targets}labels:\n  job: work\n`, 'targets.yaml')).toThrow(
      'targets.yaml:7: labels: expected names of groups, got "job"; did you mean "jobs"?',
    );
    expect(() => parseTargets(`${targets}labels: { unheard-of: work }\n`, 'targets.yaml')).toThrow(
      'targets.yaml:6: labels: expected names of groups, got "unheard-of" (known: jobs)',
    );
  });

  test.each([
    ['groups: {}', 'groups: expected at least one group of keywords, got none'],
    ['groups: {across: [nurse]}', 'groups: expected another name than "across", which is taken'],
    ['groups: {"__proto__": [nurse]}', 'groups: expected '],
    ['groups: {a: ["x\\ny"]}', 'groups: expected names of one line, got "x\\ny"'],
  ])('refuses %s', (groups, message) => {
    const text = `${targets.slice(0, targets.indexOf('groups'))}${groups}\n`;
    expect(() => parseTargets(text, 'targets.yaml')).toThrow(`targets.yaml: ${message}`);
  });

  test('says file, line and field of what is wrong', () => {
    const text = targets.replace('[nurse, pilot]', '[nurse, 7]');
    expect(() => parseTargets(text, 'targets.yaml')).toThrow(/^targets\.yaml:5: groups\.jobs\.1: .*string/);
  });
});

describe('parseMap', () => {
  const map = 'schema: debias.map/1\nname: m\npanels:\n  - name: here\n    rows: [[., a], [b, .]]\n';

  test('gives every keyword its place, and leaves dots empty', () => {
    expect(parseMap(map, 'map.yaml')).toEqual([
      {
        name: 'here',
        tiles: [
          { keyword: 'a', column: 1, row: 0 },
          { keyword: 'b', column: 0, row: 1 },
        ],
      },
    ]);
  });

  test('refuses a keyword that stands twice', () => {
    expect(() => parseMap(map.replace('[b', '[a'), 'map.yaml')).toThrow(
      'map.yaml: panels: expected each keyword once, got "a" twice',
    );
  });

  test('the map that comes along places every region of the target list, and nothing else', () => {
    const read = (name: string) => readFileSync(programFile('config', 'data', 'housing-ko', name), 'utf8');
    const placed = parseMap(read('map.yaml'), 'map.yaml').flatMap(({ tiles }) => tiles.map(({ keyword }) => keyword));
    expect(placed.sort()).toEqual([...parseTargets(read('targets.yaml'), 'targets.yaml').groups['regions']!].sort());
  });
});

describe('parsePrompts', () => {
  const prompts = (probes: readonly string[], general: readonly string[]) =>
    `schema: debias.prompts/1\nname: p\nlanguage: en\n${[
      'probes:',
      ...probes.map((probe) => `  - '${probe}'`),
      'general:',
      ...general.map((prompt) => `  - '${prompt}'`),
    ].join('\n')}\n`;

  test.each([
    [
      ['{keyword} is', 'My {keyword}', '{keyword} is '],
      ['Today'],
      ':7: probes.2: expected each prompt once, got "{keyword} is" on line 5 already',
    ],
    [
      ['caf\u00e9 {keyword}', 'cafe\u0301 {keyword}'],
      ['Today'],
      ':6: probes.1: expected each prompt once, got "caf\u00e9 {keyword}" on line 5',
    ],
    [
      ['{keyword} is'],
      ['Today', 'Today'],
      ':8: general.1: expected each prompt once, got "Today" on line 7 already; leave one out',
    ],
  ])('refuses the same prompt twice: %j, %j', (probes, general, message) => {
    expect(() => parsePrompts(prompts(probes, general), 'prompts.yaml')).toThrow(`prompts.yaml${message}`);
  });

  test('wants the keyword in every probe', () => {
    const text =
      'schema: debias.prompts/1\nname: p\nlanguage: en\nprobes: ["{keyword} is", "It is"]\ngeneral: [Today]\n';
    expect(() => parsePrompts(text, 'prompts.yaml')).toThrow(
      'prompts.yaml:4: probes.1: expected {keyword} in every probe',
    );
  });

  test('gives prompts in composed form', () => {
    const { probes, general } = parsePrompts(
      prompts(['cafe\u0301 {keyword}'], ['Hier, le cafe\u0301']),
      'prompts.yaml',
    );
    expect([probes, general]).toEqual([['caf\u00e9 {keyword}'], ['Hier, le caf\u00e9']]);
  });
});

describe('parseSentimentWords', () => {
  const words = 'schema: debias.words/1\nname: w\nlanguage: en\nmatch: word\npositive: [good]\nnegative: [bad]\n';

  test('reads both sides, and refuses a word that stands on both', () => {
    expect(parseSentimentWords(words, 'words.yaml')).toMatchObject({ positive: ['good'], negative: ['bad'] });
    expect(() => parseSentimentWords(words.replace('[bad]', '[bad, good]'), 'words.yaml')).toThrow(
      'words.yaml: negative: expected no word of positive, got "good" in both',
    );
    expect(() => parseSentimentWords(words.replace('match: word', 'match: end'), 'words.yaml')).toThrow(
      /^words\.yaml:4: match/,
    );
  });
});

describe('parseTextLines', () => {
  test('gives sentences in composed form', () => {
    expect(parseTextLines('un cafe\u0301\n\n', 'general.txt')).toEqual(['un caf\u00e9']);
  });
});

describe('parseLabelledTexts', () => {
  const good = '{"text":"a","label":"negative"}\n\n{"text":"b","label":"positive","more":1}\n';

  test('reads rows, skips empty lines, ignores further fields', () => {
    expect(parseLabelledTexts(good, 'labels.jsonl')).toEqual([
      { text: 'a', label: 'negative' },
      { text: 'b', label: 'positive' },
    ]);
  });

  test.each([
    ['{"text":"c","label":"bad"}', 'labels.jsonl:4: label'],
    ['{"text":"","label":"neutral"}', 'labels.jsonl:4: text'],
    ['{"text":', 'labels.jsonl:4: expected one JSON object a line'],
  ])('says where %s is wrong', (row, expected) => {
    expect(() => parseLabelledTexts(`${good}${row}\n`, 'labels.jsonl')).toThrow(expected);
  });

  test('refuses a file of one pole', () => {
    expect(() => parseLabelledTexts('{"text":"a","label":"negative"}\n', 'labels.jsonl')).toThrow(DataFileError);
  });
});
