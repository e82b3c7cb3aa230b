/** Checks of feeds against a program's inputs. Knows no runtime. */

import { showShape, sameShape } from '../ir/shapes.js';
import type { Program, Signature } from '../ir/program.js';
import type { FeedsOf, Located } from './device-tensor.js';
import { FeedError } from './errors.js';

/** Inputs that `fixed` names, and the others. A name that is no input is left to the check of feeds. */
export function partInputs({ inputs }: Program, fixed: FeedsOf<Signature>): readonly [Signature, Signature] {
  const entries = Object.entries(inputs);
  return [
    Object.fromEntries(entries.filter(([name]) => name in fixed)),
    Object.fromEntries(entries.filter(([name]) => !(name in fixed))),
  ];
}

/** @throws FeedError that lists every missing, unknown or unfitting feed */
export function checkFeeds(program: string, inputs: Signature, feeds: FeedsOf<Signature>): void {
  const problems = [
    ...Object.entries(inputs).flatMap(([name, spec]) => problemOf(name, spec, feeds[name])),
    ...Object.keys(feeds)
      .filter((name) => !(name in inputs))
      .map((name) => `'${name}' is not an input; there are ${listed(Object.keys(inputs))}`),
  ];
  if (problems.length > 0) throw new FeedError(program, problems);
}

function problemOf(name: string, { dtype, shape }: Signature[string], feed: Located | undefined): readonly string[] {
  const expected = `'${name}' must be ${dtype} ${showShape(shape)}`;
  if (!feed) return [`${expected}, got nothing`];
  const fits = feed.dtype === dtype && sameShape(feed.shape, shape);
  return fits ? [] : [`${expected}, got ${feed.dtype} ${showShape(feed.shape)}`];
}

const LISTED = 8;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).join(', ');
  return names.length > LISTED ? `${shown} and ${names.length - LISTED} more` : shown || 'none';
}
