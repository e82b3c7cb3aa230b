/** `debias config`: prints the resolved configuration, as YAML that can be run again. */

import { stringify } from 'yaml';
import { presetNames } from '../../config/load.js';
import { configSchema } from '../../config/schema.js';
import { configOf, type StudyOptions } from '../study-options.js';

export interface ConfigOptions extends StudyOptions {
  readonly list?: boolean | undefined;
  readonly schema?: boolean | undefined;
}

export function showConfig(options: ConfigOptions): void {
  if (options.list) process.stdout.write(`${presetNames().join('\n')}\n`);
  else if (options.schema)
    process.stdout.write(`${JSON.stringify(configSchema.toJSONSchema({ io: 'input' }), undefined, 2)}\n`);
  else process.stdout.write(stringify(configOf(options), { lineWidth: 0 }));
}
