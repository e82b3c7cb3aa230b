/** The program's log: readable on a terminal, JSON lines otherwise; values of secret settings never appear. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

export interface LoggerSettings {
  readonly level: string;
  /** Appends JSON lines to this file; standard error when absent. */
  readonly file?: string;
}

const redact = {
  paths: [
    'token',
    '*.token',
    '*.*.token',
    'accessKey',
    'secretKey',
    '*.accessKey',
    '*.secretKey',
    '*.*.secretKey',
    '*.*.accessKey',
  ],
  censor: '[secret]',
};

export function createLogger({ level, file }: LoggerSettings): Logger {
  if (file) {
    mkdirSync(dirname(file), { recursive: true });
    return pino({ level, redact }, pino.destination({ dest: file, append: true, sync: true }));
  }
  if (process.stderr.isTTY)
    return pino(
      { level, redact },
      pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }),
    );
  return pino({ level, redact }, pino.destination({ dest: 2, sync: true }));
}
