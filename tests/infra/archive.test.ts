import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ArchiveError, readFromTarGz, readFromZip } from '../../infra/archive.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const program = Buffer.concat([randomBytes(70_000), Buffer.alloc(200_000, 'a')]);
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(path.join(folder, 'pkg.data', 'scripts'), { recursive: true });
  await writeFile(path.join(folder, 'pkg.data', 'scripts', 'temporal'), program);
  await writeFile(path.join(folder, 'README.md'), 'first entry');
});

describe('readFromTarGz', () => {
  it('readFromTarGz reads what tar wrote', async () => {
    execFileSync('tar', ['-czf', 'a.tar.gz', 'README.md', 'pkg.data'], { cwd: folder });
    const archive = await readFile(path.join(folder, 'a.tar.gz'));
    expect(Buffer.from(readFromTarGz(archive, 'temporal')).equals(program)).toBe(true);
    expect(() => readFromTarGz(archive, 'absent')).toThrow(ArchiveError);
  });

  it('readFromTarGz refuses what is no archive', () => {
    expect(() => readFromTarGz(Buffer.from('<html>'), 'temporal')).toThrow(ArchiveError);
  });
});

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('readFromZip', () => {
  it.skipIf(!hasPython())('readFromZip reads what Python’s zipfile wrote, deflated and stored', async () => {
    const write =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1], "w", int(sys.argv[2])); [z.write(f) for f in sys.argv[3:]]; z.close()';
    for (const method of ['8', '0']) {
      execFileSync('python3', ['-c', write, 'a.whl', method, 'README.md', 'pkg.data/scripts/temporal'], {
        cwd: folder,
      });
      const archive = await readFile(path.join(folder, 'a.whl'));
      expect(Buffer.from(readFromZip(archive, 'temporal')).equals(program)).toBe(true);
      expect(() => readFromZip(archive, 'absent')).toThrow(ArchiveError);
      expect(() => readFromZip(archive.subarray(0, archive.length - 30), 'temporal')).toThrow(ArchiveError);
    }
  });

  it('readFromZip refuses what is no archive', () => {
    expect(() => readFromZip(Buffer.from('<html>'.repeat(100)), 'temporal')).toThrow(ArchiveError);
  });
});
