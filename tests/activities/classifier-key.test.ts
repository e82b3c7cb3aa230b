import { expect, test } from 'vitest';
import { settingsInKey } from '../../activities/classifier-key.js';
import { configSchema } from '../../config/schema.js';

const settings = configSchema.shape.sentiment.parse({ layers: 3, width: 32, heads: 2, maxTokens: 24 });

test('settingsInKey leaves out what a BERT to start from brings along', () => {
  expect(settingsInKey(settings, undefined)).toEqual(settings);
  const kept = settingsInKey(settings, { kind: 'folder', sha256: 'a', sizeBytes: 1 });
  expect(Object.keys(settings).filter((key) => !(key in kept))).toEqual(['layers', 'width', 'heads']);
});
