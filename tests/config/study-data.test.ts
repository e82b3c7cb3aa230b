import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { programFile } from '../../config/root.js';
import { DataFileError } from '../../config/errors.js';
import {
  parseLabelledTexts,
  parseMap,
  parsePrompts,
  parseSentimentWords,
  parseTargets,
} from '../../config/study-data.js';

const targets = 'schema: debias.targets/1\nname: t\nlanguage: en\ngroups:\n  jobs: [nurse, pilot]\n';

describe('parseTargets', () => {
  test('reads groups in order', () => {
    expect(parseTargets(targets, 'targets.yaml').groups).toEqual({ jobs: ['nurse', 'pilot'] });
  });

  test('refuses a keyword that stands twice', () => {
    expect(() => parseTargets(`${targets}  more: [pilot]\n`, 'targets.yaml')).toThrow(
      'targets.yaml: groups: expected each keyword once, got "pilot" twice',
    );
  });

  test.each([
    ['groups: {}', 'groups: expected at least one group of keywords, got none'],
    ['groups: {across: [nurse]}', 'groups: expected another name than "across", which is taken'],
    ['groups: {"__proto__": [nurse]}', 'groups: expected '],
    ['groups: {a: ["x\\ny"]}', 'groups: expected names of one line, got "x\\ny"'],
    ['groups: {a: ["caf\\u00e9", "cafe\\u0301"]}', 'groups: expected each keyword once'],
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
  test('wants the keyword in every probe', () => {
    const text =
      'schema: debias.prompts/1\nname: p\nlanguage: en\nprobes: ["{keyword} is", "It is"]\ngeneral: [Today]\n';
    expect(() => parsePrompts(text, 'prompts.yaml')).toThrow(
      'prompts.yaml:4: probes.1: expected {keyword} in every probe',
    );
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
