/** Kiwi itself is tried where KIWI_MODEL names its model's folder, and KIWI_PACKAGE the folder that holds node_modules/kiwi-nlp. */

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findKiwi, kiwiVersion, KiwiUnavailableError, openKiwi } from '../../../activities/model-jobs/kiwi-analyser.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const { KIWI_MODEL: model, KIWI_PACKAGE: home } = process.env;
const from = home === undefined ? undefined : pathToFileURL(join(home, 'index.js')).href;

describe('kiwiVersion', () => {
  /** A place from which a package with this manifest is found. */
  async function besidePackage(manifest: object): Promise<string> {
    const folder = await temporaryFolder();
    const home = join(folder, 'node_modules', 'kiwi-nlp');
    mkdirSync(join(home, 'dist'), { recursive: true });
    for (const file of ['index.js', 'kiwi-wasm.wasm']) writeFileSync(join(home, 'dist', file), '');
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'kiwi-nlp', main: 'dist/index.js', ...manifest }));
    return pathToFileURL(join(folder, 'index.js')).href;
  }

  it('kiwiVersion reads the version of the package that would be loaded', async () => {
    expect(kiwiVersion(await besidePackage({ version: '0.23.4' }))).toBe('0.23.4');
    const without = await besidePackage({});
    expect(() => kiwiVersion(without)).toThrow(KiwiUnavailableError);
  });
});

describe('openKiwi', () => {
  it('openKiwi says how to install the package where it is not', async () => {
    const nowhere = pathToFileURL(join(await temporaryFolder(), 'index.js')).href;
    const opened = openKiwi({ 'sj.morph': new Uint8Array() }, nowhere);
    await expect(opened).rejects.toThrow(KiwiUnavailableError);
    await expect(opened).rejects.toThrow(/the package kiwi-nlp.*npm install --no-save kiwi-nlp/);
    expect(() => findKiwi(nowhere)).toThrow(KiwiUnavailableError);
  });

  it('openKiwi says which file a model lacks', async () => {
    await expect(openKiwi({ 'cong.mdl': new Uint8Array() })).rejects.toThrow('a model with sj.morph, got: cong.mdl');
  });

  it.skipIf(model === undefined)(
    'openKiwi finds common and proper nouns, and neither verbs nor particles',
    async () => {
      const names = readdirSync(model!).filter((name) => /\.(mdl|dict|morph|knlm|txt)$/.test(name));
      const kiwi = await openKiwi(
        Object.fromEntries(names.map((name) => [name, readFileSync(join(model!, name))])),
        from,
      );
      expect(kiwi.nounsOf('둔촌주공은 관리비가 비싸고 아파트가 좋다')).toEqual(['둔촌주공', '관리비', '아파트']);
      expect(kiwi.nounsOf('')).toEqual([]);
    },
    120_000,
  );

  it.skipIf(model === undefined)(
    'openKiwi says so when package and model do not fit each other',
    async () => {
      await expect(openKiwi({ 'sj.morph': new Uint8Array(8) }, from)).rejects.toThrow(
        'a package and a model that fit each other',
      );
    },
    120_000,
  );
});
