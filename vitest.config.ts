import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Where there is no GPU, Vulkan's software driver that comes with Debian's chromium. */
const softwareVulkan = '/usr/lib/chromium/vk_swiftshader_icd.json';
const drawsInSoftware =
  process.env['VK_DRIVER_FILES'] === undefined && !existsSync('/dev/dri') && existsSync(softwareVulkan);

const architecture = 'tests/architecture.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    // The long tests mostly wait for processes of their own.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    ...(drawsInSoftware && { env: { VK_DRIVER_FILES: softwareVulkan } }),
    projects: [
      { extends: true, test: { name: 'architecture', include: [architecture] } },
      {
        extends: true,
        test: {
          name: 'suite',
          include: ['tests/**/*.test.ts'],
          exclude: [architecture],
          globalSetup: ['tests/support/temporal.ts'],
        },
      },
    ],
  },
});
