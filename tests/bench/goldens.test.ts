/** `npm run goldens`: reference numbers of any folder, on any device, and an exit code that says whether they hold. */

import { spawn } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

const program = fileURLToPath(new URL('../../dist/bench/goldens.js', import.meta.url));
const goldens = (name: string) => fileURLToPath(new URL(`../goldens/${name}`, import.meta.url));

async function runGoldens(...args: string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [program, ...args]);
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => parts.push(String(part)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, text: parts.join('') };
}

describe('goldens', () => {
  test('runs the cases of a folder of any name, with its subfolders, on a device', { timeout: 120_000 }, async () => {
    const folder = await temporaryFolder();
    await cp(goldens('bert'), join(folder, 'a', 'case of its own'), { recursive: true });
    await cp(goldens('kl-controllers.json'), join(folder, 'b', 'kl-controllers.json'));
    const { code, text } = await runGoldens(folder, '--device', 'tfjs:wasm');
    expect(text).toContain('case of its own');
    expect(text).toMatch(/over 2 cases, tolerance 1e-3/);
    expect(code).toBe(0);
  });

  test('fails and marks what is above the tolerance', async () => {
    const folder = join(await temporaryFolder(), 'bert');
    await cp(goldens('bert'), folder, { recursive: true });
    const file = join(folder, 'golden.safetensors');
    const bytes = await readFile(file);
    const { logits } = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0))));
    const start = 8 + Number(bytes.readBigUInt64LE(0)) + Number(logits.data_offsets[0]);
    bytes.writeFloatLE(bytes.readFloatLE(start) + 1, start);
    await writeFile(file, bytes);
    const { code, text } = await runGoldens(folder);
    expect(text).toMatch(/logits {3}ABOVE 1e-4/);
    expect(code).toBe(1);
  });

  test('says what it expected where there is no case, and how to get a device that is not here', async () => {
    const nothing = await runGoldens(await temporaryFolder());
    expect(nothing).toMatchObject({ code: 1, text: expect.stringContaining('expected a folder with reference cases') });
    const nowhere = await runGoldens(join(await temporaryFolder(), 'absent'));
    expect(nowhere).toMatchObject({
      code: 1,
      text: expect.stringMatching(/^goldens: \S*absent: expected .*, got nothing/),
    });
    const file = await runGoldens(goldens('kl-controllers.json'));
    expect(file).toMatchObject({ code: 1, text: expect.stringMatching(/^goldens: \S*json: expected .*, got a file/) });
    const absent = await runGoldens(goldens('bert'), '--device', 'tfjs:node');
    expect(absent).toMatchObject({ code: 1, text: expect.stringContaining('npm install @tensorflow/tfjs-node') });
  });
});
