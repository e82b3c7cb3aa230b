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

/** What waits while the file cannot be written; further lines are dropped. */
const maxWaitingBytes = 2 ** 20;

/** No line is worth a study: one that a full disk does not take is dropped, and the store says that the disk is full. */
function appendTo(file: string): ReturnType<typeof pino.destination> {
  const destination = pino.destination({ dest: file, append: true, sync: true, maxLength: maxWaitingBytes });
  return destination.on('error', () => {});
}

export function createLogger({ level, file }: LoggerSettings): Logger {
  if (file) {
    mkdirSync(dirname(file), { recursive: true });
    return pino({ level, redact }, appendTo(file));
  }
  if (process.stderr.isTTY)
    return pino(
      { level, redact },
      pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }),
    );
  return pino({ level, redact }, pino.destination({ dest: 2, sync: true }));
}
