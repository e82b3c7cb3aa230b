import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { putLabelFile, putLabels } from '../../cli/put-labels.js';
import { loadConfig } from '../../config/load.js';
import { createMemoryStore } from '../support/memory-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const row = (text: string, label: string) => `${JSON.stringify({ text, label })}\n`;

async function labelFile(text: string): Promise<string> {
  const file = join(await temporaryFolder(), 'labels.jsonl');
  writeFileSync(file, text);
  return file;
}

function heard(): { readonly said: () => string } {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => write.mockRestore());
  return { said: () => write.mock.calls.map(([text]) => String(text)).join('') };
}

describe('putLabelFile', () => {
  test('putLabelFile stores each sentence once, and says what it left out', async () => {
    const once = row('a', 'negative') + row('b', 'positive');
    const file = await labelFile(once + once);
    const store = createMemoryStore();
    const { said } = heard();
    const { labels, skipped } = await putLabelFile(store, file, 'data.rewardLabels', false);
    expect(new TextDecoder().decode(await store.getBlob(labels))).toBe(once);
    expect(skipped).toEqual([]);
    expect(said()).toBe(`left out 2 rows of ${file}, the same as an earlier row: lines 3, 4\n`);
  });
});

describe('putLabels', () => {
  test('putLabels says once what it left out of a file that is split in halves', async () => {
    const sentences = Array.from({ length: 24 }, (_, i) =>
      row(`${'abcdefghijkl'[i >> 1]}${i} said so`, i % 2 ? 'positive' : 'negative'),
    );
    const file = await labelFile(sentences.join('') + sentences.slice(0, 1).join(''));
    const { said } = heard();
    const { data } = loadConfig({ preset: 'smoke', settings: [] });
    await putLabels(createMemoryStore(), { ...data, rewardLabels: file, sentimentLabels: file });
    expect(said()).toBe(`left out 1 row of ${file}, the same as an earlier row: line 25\n`);
  });
});
