/** What can be wrong with a configuration or a data file, as errors that say where and what to do. */

/** The configuration breaks a rule; `problems` has one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    readonly where: string,
    readonly problems: readonly string[],
  ) {
    super(`${where}: ${problems.length === 1 ? problems[0] : `\n  - ${problems.join('\n  - ')}`}`);
  }
}

/** A file that the configuration names is absent or malformed. */
export class DataFileError extends Error {
  override readonly name = 'DataFileError';
  constructor(
    readonly file: string,
    readonly problem: string,
    readonly line?: number,
  ) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${problem}`);
  }
}

/** A model's folder is there, but what it holds cannot be used. */
export class ModelFolderError extends Error {
  override readonly name = 'ModelFolderError';
  constructor(
    /** That names the folder: `model.source`, or an option. */
    readonly setting: string,
    readonly folder: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`${setting}: ${folder}: ${problem}`, options);
  }
}

/** The model folder is absent or lacks a file. */
export class ModelNotFoundError extends Error {
  override readonly name = 'ModelNotFoundError';
  constructor(
    readonly folder: string,
    readonly missing: readonly string[],
    readonly setting = 'model.source',
  ) {
    const another = setting.startsWith('--')
      ? `${setting} FOLDER`
      : `-S ${setting}=FOLDER or -S ${setting}=hf://ORGANISATION/NAME`;
    super(
      `${setting}: expected a Hugging Face folder at ${folder}, but ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not there. ` +
        `Place them in that folder, or name another with ${another}.`,
    );
  }
}
