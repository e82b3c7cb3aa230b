/** Prompts as a study can use them: templates that can be filled in are told from those that cannot before anything starts. */

import { DataFileError } from '../config/errors.js';
import { parsePrompts, type Prompts } from '../config/study-data.js';
import { TemplateError, templateNames } from '../core/text/templates.js';

/** Line of a prompt, where it stands in the file as it was read. */
function lineOf(prompt: string, text: string): number | undefined {
  const index = text.split('\n').findIndex((line) => line.includes(prompt));
  return index < 0 ? undefined : index + 1;
}

function problemOf(probe: string): string | undefined {
  try {
    const names = templateNames(probe);
    const other = names.find((name) => name !== 'keyword');
    if (other !== undefined) return `expected {keyword} and markers alone, got {${other}}`;
    return names.length === 0 ? 'expected {keyword}; doubled braces stand for braces, and hold no keyword' : undefined;
  } catch (error) {
    if (error instanceof TemplateError) return `expected ${error.expected}, got ${error.got}`;
    throw error;
  }
}

/** A single sentence says nothing of chance: there would be a figure, and neither an interval nor a test. */
const FEWEST_SENTENCES = 2;

/** Prompts that ask often enough of each keyword. @throws DataFileError */
export function checkDesign(prompts: Prompts, file: string, repetitions: number): Prompts {
  const sentences = prompts.probes.length * repetitions;
  if (sentences >= FEWEST_SENTENCES) return prompts;
  throw new DataFileError(
    file,
    `probes: expected at least ${FEWEST_SENTENCES} sentences a keyword (prompts × biasEval.repetitions), got ${sentences}; ` +
      'add a prompt, or ask more often: -S biasEval.repetitions=5',
  );
}

/** @throws DataFileError with file, line and field */
export function checkPrompts(text: string, file: string): Prompts {
  const prompts = parsePrompts(text, file);
  prompts.probes.forEach((probe, i) => {
    const problem = problemOf(probe);
    if (problem) throw new DataFileError(file, `probes.${i}: ${problem}`, lineOf(probe, text));
  });
  const named = prompts.general.findIndex((prompt) => prompt.includes('{'));
  if (named >= 0) {
    const prompt = prompts.general[named]!;
    const problem = `general.${named}: expected a prompt without markers, as it names no target, got ${prompt}`;
    throw new DataFileError(file, problem, lineOf(prompt, text));
  }
  return prompts;
}
