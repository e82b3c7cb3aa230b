import { defineConfig } from 'vitest/config';

const architecture = 'tests/architecture.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    // The long tests mostly wait for processes of their own.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
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
