/** Reads a study's own lists (targets, prompts, labelled sentences) and says file, line and field of what is wrong. */

import { z } from 'zod';
import { DataFileError } from './errors.js';
import { keywordForm, shownKeyword } from './keyword-form.js';
import { nearest } from './nearest.js';
import { composed, readYaml, type LineOf } from './read-yaml.js';

/** Composed (NFC) as cleaned texts are: a model would be asked for spellings that it never saw. */
const word = z.string().overwrite(composed).min(1);

export const targetsSchema = z.strictObject({
  schema: z.literal('debias.targets/1'),
  name: word,
  language: word,
  groups: z.record(word, z.array(word).min(1)),
  labels: z.record(word, word).exactOptional(),
});

export const promptsSchema = z.strictObject({
  schema: z.literal('debias.prompts/1'),
  name: word,
  language: word,
  probes: z.array(word.refine((text) => text.includes('{keyword}'), 'expected {keyword} in every probe')).min(1),
  general: z.array(word).min(1),
});

export const sentimentWordsSchema = z.strictObject({
  schema: z.literal('debias.words/1'),
  name: word,
  language: word,
  match: z.enum(['word', 'start']),
  positive: z.array(word).min(1),
  negative: z.array(word).min(1),
});

export const sentimentLabels = ['negative', 'neutral', 'positive'] as const;
export type SentimentLabel = (typeof sentimentLabels)[number];

const labelledSchema = z.looseObject({ text: word, label: z.enum(sentimentLabels) });

/** An earlier study's figures, shown beside ours. */
export const referenceSchema = z.strictObject({
  schema: z.literal('debias.reference/1'),
  name: word,
  note: z.string().exactOptional(),
  reward: z
    .array(z.strictObject({ epochs: z.int(), mean: z.number(), median: z.number(), notNegative: z.number() }))
    .exactOptional(),
  distanceReduction: z.record(word, z.number()).exactOptional(),
  labelledShare: z
    .array(z.strictObject({ keyword: word.exactOptional(), labelled: z.int(), total: z.int() }))
    .exactOptional(),
  sentiment: z.strictObject({ highest: z.number(), lowest: z.number() }).exactOptional(),
  rewardAccuracy: z.number().exactOptional(),
});

/** What an empty place of a map is written as. */
const EMPTY_TILE = '.';

/** Where keywords lie on a map: rows of tiles, `.` where there is none. */
export const mapSchema = z.strictObject({
  schema: z.literal('debias.map/1'),
  name: word,
  panels: z.array(z.strictObject({ name: word, rows: z.array(z.array(word).min(1)).min(1) })).min(1),
});

/** One keyword's place, counted from 0 at the upper left. */
export interface PlacedKeyword {
  readonly keyword: string;
  readonly column: number;
  readonly row: number;
}

export interface MapPanel {
  readonly name: string;
  readonly tiles: readonly PlacedKeyword[];
}

export type Reference = z.infer<typeof referenceSchema>;
export type SentimentWordList = z.infer<typeof sentimentWordsSchema>;
export type Targets = z.infer<typeof targetsSchema>;
export type Prompts = z.infer<typeof promptsSchema>;
export interface LabelledText {
  readonly text: string;
  readonly label: SentimentLabel;
}

function parseYaml<T>(text: string, file: string, schema: z.ZodType<T>): T {
  return readYaml(text, file, schema).data;
}

/** Names of groups that tables of results have for something else. */
const takenNames = ['across', '__proto__'];

/** Each keyword must be one of its own in texts too: of two that are one there, the second would be counted 0 times. */
function checkKeywords({ groups }: Targets, file: string, lineOf: LineOf): void {
  const seen = new Map<string, { readonly keyword: string; readonly line: number | undefined }>();
  for (const [group, keywords] of Object.entries(groups))
    for (const [index, keyword] of keywords.entries()) {
      const line = lineOf(['groups', group, index]);
      const shown = shownKeyword(keyword);
      const form = keywordForm(keyword);
      if (form === '') {
        const problem = `groups: expected words, got ${shown}, of which nothing is seen; write it anew or leave it out`;
        throw new DataFileError(file, problem, line);
      }
      const first = seen.get(form);
      if (first) {
        const alike = `beside ${shownKeyword(first.keyword)} (line ${first.line}), which texts do not tell apart`;
        const got = first.keyword === keyword ? 'twice' : alike;
        throw new DataFileError(file, `groups: expected each keyword once, got ${shown} ${got}; leave one out`, line);
      }
      seen.set(form, { keyword, line });
    }
}

function checkLabels({ groups, labels = {} }: Targets, file: string, lineOf: LineOf): void {
  const names = Object.keys(groups);
  const unknown = Object.keys(labels).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, names);
  const hint = meant === undefined ? ` (known: ${names.join(', ')})` : `; did you mean "${meant}"?`;
  throw new DataFileError(
    file,
    `labels: expected names of groups, got "${unknown}"${hint}`,
    lineOf(['labels', unknown]),
  );
}

/**
 * A target list.
 * @throws DataFileError also when texts could not tell two keywords apart, or nothing would be measured
 */
export function parseTargets(text: string, file: string): Targets {
  const { data: targets, lineOf } = readYaml(text, file, targetsSchema);
  const names = Object.keys(targets.groups);
  if (names.length === 0) throw new DataFileError(file, 'groups: expected at least one group of keywords, got none');
  const taken = names.find((name) => takenNames.includes(name));
  if (taken !== undefined)
    throw new DataFileError(file, `groups: expected another name than "${taken}", which is taken`);
  const broken = [...names, ...Object.values(targets.groups).flat()].find((name) => /\p{Cc}/u.test(name));
  if (broken !== undefined)
    throw new DataFileError(file, `groups: expected names of one line, got ${JSON.stringify(broken)}`);
  checkKeywords(targets, file, lineOf);
  checkLabels(targets, file, lineOf);
  return targets;
}

/** A prompt that stands twice would count twice, as if it were two. */
function checkRepeats(prompts: Prompts, part: 'probes' | 'general', file: string, lineOf: LineOf): void {
  const index = prompts[part].findIndex((prompt, i) => prompts[part].indexOf(prompt) !== i);
  const prompt = prompts[part][index];
  if (prompt === undefined) return;
  const first = lineOf([part, prompts[part].indexOf(prompt)]);
  const got = `got ${JSON.stringify(prompt)} on line ${first} already; leave one out`;
  throw new DataFileError(file, `${part}.${index}: expected each prompt once, ${got}`, lineOf([part, index]));
}

/** Probe templates and general prompts. @throws DataFileError also when a prompt stands twice */
export function parsePrompts(text: string, file: string): Prompts {
  const { data: prompts, lineOf } = readYaml(text, file, promptsSchema);
  for (const part of ['probes', 'general'] as const) checkRepeats(prompts, part, file, lineOf);
  return prompts;
}

/** Words of praise and blame. @throws DataFileError also when a word stands on both sides. */
export function parseSentimentWords(text: string, file: string): SentimentWordList {
  const words = parseYaml(text, file, sentimentWordsSchema);
  const both = words.positive.find((entry) => words.negative.includes(entry));
  if (both !== undefined)
    throw new DataFileError(file, `negative: expected no word of positive, got "${both}" in both`);
  return words;
}

/** An earlier study's figures. @throws DataFileError */
export function parseReference(text: string, file: string): Reference {
  return parseYaml(text, file, referenceSchema);
}

/** The panels of a map of tiles. @throws DataFileError also when a keyword stands in two places. */
export function parseMap(text: string, file: string): MapPanel[] {
  const panels = parseYaml(text, file, mapSchema).panels.map(({ name, rows }) => ({
    name,
    tiles: rows.flatMap((cells, row) =>
      cells.flatMap((keyword, column) => (keyword === EMPTY_TILE ? [] : [{ keyword, column, row }])),
    ),
  }));
  const all = panels.flatMap(({ tiles }) => tiles.map(({ keyword }) => keyword));
  const twice = all.find((keyword, index) => all.indexOf(keyword) !== index);
  if (twice !== undefined) throw new DataFileError(file, `panels: expected each keyword once, got "${twice}" twice`);
  return panels;
}

function parseJsonLine(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new DataFileError(file, `expected one JSON object a line, got ${JSON.stringify(line.slice(0, 60))}`, number);
  }
}

/** JSON lines of {text, label}; empty lines are skipped. @throws DataFileError */
export function parseLabelledTexts(text: string, file: string): LabelledText[] {
  const rows = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const row = labelledSchema.safeParse(parseJsonLine(line, file, index + 1));
    if (row.success) return [{ text: row.data.text, label: row.data.label }];
    const [issue] = row.error.issues;
    throw new DataFileError(file, `${issue?.path.join('.') || 'line'}: ${issue?.message ?? 'malformed'}`, index + 1);
  });
  const absent = ['negative', 'positive'].filter((label) => !rows.some((row) => row.label === label));
  if (absent.length > 0)
    throw new DataFileError(file, `expected sentences of both poles, got none labelled ${absent.join(' or ')}`);
  return rows;
}

/** Sentences, one a line. @throws DataFileError when there is none. */
export function parseTextLines(text: string, file: string): string[] {
  const lines = text
    .normalize('NFC')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) throw new DataFileError(file, 'expected one sentence a line, got an empty file');
  return lines;
}
