/** Where a mistake in a configuration stands: which file and line, or which `-S`, gave the setting its value. */

import type { z } from 'zod';
import { describeIssue } from './describe-issue.js';

/** Says where a setting was given its value; undefined where it was not. */
export type PlaceOf = (path: readonly PropertyKey[]) => string | undefined;

/** Among the settings of `-S`: the one that names the path, a part of it, or what it is a part of. */
export function placeInSettings(settings: readonly string[]): PlaceOf {
  return (path) => {
    const whole = path.map(String).join('.');
    const found = settings.findLast((setting) => {
      const [own = ''] = setting.split('=', 1);
      return own === whole || own.startsWith(`${whole}.`) || whole.startsWith(`${own}.`);
    });
    return found === undefined ? undefined : `-S ${found}`;
  };
}

/**
 * What a configuration's check found, each with the place that gave the setting its value.
 * @param places the later ones overrule those before
 */
export function problemsOf({ issues }: Pick<z.ZodError, 'issues'>, places: readonly PlaceOf[]): string[] {
  return issues.flatMap((issue) =>
    describeIssue(issue).map((text) => {
      const key = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      const place = places.map((placeOf) => placeOf([...issue.path, ...key])).findLast((found) => found !== undefined);
      return place === undefined ? text : `${text} (${place})`;
    }),
  );
}
