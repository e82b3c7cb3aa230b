/** `npm run bench`: measures in a process that has the environment of the program's own jobs. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../config/environment.js';

const measure = fileURLToPath(new URL('measure.js', import.meta.url));
const { status } = spawnSync(process.execPath, [measure, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: readEnvironment().jobVariables,
});
process.exitCode = status ?? 1;
