/** Sums onnxruntime's profile by op. Knows the profile's form: a list of events with times in microseconds. */

import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const eventsSchema = z.array(
  z.object({
    cat: z.string().optional(),
    name: z.string(),
    dur: z.number().optional(),
    args: z.object({ op_name: z.string().optional() }).optional(),
  }),
);

/** Ops whose time contains that of a body, which is counted by itself. */
const bodies: ReadonlySet<string> = new Set(['Loop', 'Scan', 'If']);

export interface OpTime {
  readonly op: string;
  readonly seconds: number;
  readonly calls: number;
}

/** Of all profiles in a folder, the slowest op first. Time that contains a body's is left out. */
export async function opTimes(folder: string): Promise<OpTime[]> {
  const totals = new Map<string, { seconds: number; calls: number }>();
  for (const name of await readdir(folder)) {
    for (const { cat, name: event, dur = 0, args } of eventsSchema.parse(
      JSON.parse(await readFile(path.join(folder, name), 'utf8')),
    )) {
      const op = args?.op_name;
      if (cat !== 'Node' || op === undefined || bodies.has(op) || !event.endsWith('kernel_time')) continue;
      const known = totals.get(op) ?? { seconds: 0, calls: 0 };
      totals.set(op, { seconds: known.seconds + dur / 1e6, calls: known.calls + 1 });
    }
  }
  await rm(folder, { recursive: true });
  return [...totals].map(([op, total]) => ({ op, ...total })).sort((a, b) => b.seconds - a.seconds);
}
