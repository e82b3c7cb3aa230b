#!/usr/bin/env node
/** The command line: names the commands and their options; each command is a file of its own, loaded when it is called. */

import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { programFile } from '../config/root.js';
import { isVerbose } from '../config/environment.js';
import { failureExitCode, reportError } from './report-error.js';
import { collect } from './study-options.js';

const { version, description } = JSON.parse(readFileSync(programFile('package.json'), 'utf8')) as {
  version: string;
  description: string;
};

// Where a reader such as `head` has gone, a study goes on without it; where the terminal has (EIO), its signal ends the study.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (!('code' in error) || (error.code !== 'EPIPE' && error.code !== 'EIO')) throw error;
  });

/** @throws InvalidArgumentError, which commander shows with the option's name and value */
function slots(text: string): number {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 0 (0 takes no such work).');
}

const program = new Command('debias').description(description).version(version).showHelpAfterError();

const presetHelp = 'study that comes with the program: small (default), smoke, thesis';
const fileHelp = "a study's own YAML file";
const setHelp = 'overrides one setting, such as ppo.epochs=1,2,3 or seed=0..4 (repeatable)';

program
  .command('run')
  .description('run a study, or go on with it')
  .option('-p, --preset <name>', presetHelp)
  .option('-c, --config <file>', fileHelp)
  .option('-S, --set <key=value>', setHelp, collect)
  .option('--skip-bad-rows', "leave malformed rows of the user's own files out, and list them")
  .option('-r, --run <id>', 'name of the run (default: from the preset and its inputs)')
  .option('--detach', 'start it on a server and workers that run already, and return')
  .action(async (options) => (await import('./commands/run.js')).runStudy(options));

program
  .command('measure')
  .description('measure how a GPT-2 speaks of keywords; nothing is crawled or mitigated')
  .requiredOption('--model <folder>', 'Hugging Face folder of a GPT-2, or hf://ORGANISATION/NAME@REVISION')
  .requiredOption('--targets <file>', 'YAML file of keyword groups')
  .requiredOption('--prompts <file>', 'YAML file of probe templates and general prompts')
  .option('--sentiment-labels <file>', 'JSONL or CSV of {text, label} to train the measuring classifier on')
  .option('--sentiment-model <folder>', 'a classifier that is trained already, classes negative and positive')
  .option('--general-text <file>', 'held-out general text, for the perplexity')
  .option('--skip-bad-rows', 'leave malformed labelled rows out, and list them')
  .option('-o, --out <folder>', 'folder for report and results too')
  .option('-S, --set <key=value>', 'overrides one setting, such as biasEval.repetitions=25 (repeatable)', collect)
  .action(async (options) => (await import('./commands/measure.js')).measureModel(options));

program
  .command('status')
  .description('show how far a run is')
  .argument('[run]', 'run id (default: the newest)')
  .option('-w, --watch', 'keep showing')
  .option('--json', 'as JSON')
  .action(async (runId, options) => (await import('./commands/status.js')).showStatus(runId, options));

program
  .command('cancel')
  .description('cancel a run; what it finished is kept')
  .argument('[run]', 'run id (default: the newest)')
  .action(async (runId) => (await import('./commands/cancel.js')).cancelRun(runId));

program
  .command('report')
  .description("print a finished run's table and the places of its files")
  .argument('[run]', 'run id (default: the newest)')
  .option('--json', 'print results.json')
  .option('--schema', 'print the JSON schema of results.json')
  .action(async (runId, options) => (await import('./commands/report.js')).showReport(runId, options));

program
  .command('export')
  .description('write a model of a finished run for other programs')
  .argument('<run>', 'run id of a study, or `newest` for the newest study')
  .argument('<folder>', 'where to write it: a new or empty folder')
  .requiredOption('--to <form>', 'hf: a folder that Transformers loads; onnx: one that transformers.js loads')
  .option('--point <point>', 'sweep point, such as epochs=1,seed=0 (default: the recommended one)')
  .option('--baseline', 'the fine-tuned model before PPO')
  .action(async (runId, folder, options) => (await import('./commands/export.js')).exportModel(runId, folder, options));

program
  .command('compare')
  .description('what differs between finished runs, and what that changed (paired)')
  .argument('<run>', 'run id or folder: the others are set against it')
  .argument('<others...>', 'run ids or folders')
  .option('--json', 'as JSON')
  .action(async (first, others, options) =>
    (await import('./commands/compare.js')).compareFinishedRuns(first, others, options),
  );

program
  .command('worker')
  .description('serve the queues of a Temporal server (TEMPORAL_ADDRESS) from this machine')
  .option('--net <slots>', 'crawls at once', slots, 4)
  .option('--cpu <slots>', 'processor-bound activities at once', slots, 2)
  .option('--model <slots>', 'model jobs at once: one a device', slots, 1)
  .action(async (options) => (await import('./commands/worker.js')).serve(options));

program
  .command('server')
  .description("open this data folder's Temporal server and its web page until Ctrl-C")
  .option('--stop', 'end the one that a killed command left behind')
  .action(async (options) => (await import('./commands/server.js')).serveTemporal(options));

program
  .command('config')
  .description('print the resolved configuration')
  .option('-p, --preset <name>', presetHelp)
  .option('-c, --config <file>', fileHelp)
  .option('-S, --set <key=value>', setHelp, collect)
  .option('--list', 'names of the presets')
  .option('--schema', 'the JSON schema of a configuration file')
  .action(async (options) => (await import('./commands/config.js')).showConfig(options));

program
  .command('doctor')
  .description('what is found on this machine, what is missing, how to get it')
  .option(
    '--device <device>',
    'try this device (cpu, cuda, webgpu, tfjs:wasm …) in float32 and float16, and list what falls back',
  )
  .action(async ({ device }) => {
    if (device !== undefined) return (await import('./commands/doctor-device.js')).showDevice(device);
    return (await import('./commands/doctor.js')).showDoctor();
  });

try {
  await program.parseAsync();
} catch (error) {
  reportError(error, isVerbose());
  process.exitCode = failureExitCode;
}
// Calls that wait for a server which is gone by now must not hold the process.
process.exit();
