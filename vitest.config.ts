import { configDefaults, defineConfig } from 'vitest/config'

const full = process.env['FIREDRILL_TIER'] === 'full'
const exclude = [...configDefaults.exclude, ...(full ? [] : ['**/*.full.test.ts'])]
const drills = ['{src,lab,.ci}/**/*.drill.test.ts', '{src,lab,.ci}/**/*.drill.full.test.ts']

/**
 * `unit` tests first; then the `drill` tests, which build labs of namespaces and measure time, at most three files
 * at once: they wait most of the time. One that fails is tried once more, which the output says: machines are shared and noisy.
 * `*.full.test.ts` joins in with `npm run test:full` only.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{src,lab,.ci}/**/*.test.ts'],
          exclude: [...exclude, ...drills],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'drill',
          include: drills,
          exclude,
          expect: { poll: { timeout: 10_000, interval: 50 } },
          testTimeout: 300_000,
          hookTimeout: 180_000,
          maxWorkers: 3,
          retry: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
