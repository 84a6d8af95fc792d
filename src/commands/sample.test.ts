import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reporters } from '../reporters/index.ts'
import { judgeRecording } from './judgement.ts'
import { projectRoot } from './project.ts'

const sample = join(projectRoot, 'reports/sample')

test('the sample in the repository is a pass', async () => {
  expect((await judgeRecording(sample)).verdict).toBe('pass')
})

test.each(Object.entries(reporters))(
  'its %s is what its recording makes (`npm run -s firedrill -- report reports/sample` makes it again)',
  async (file, render) => {
    expect(render(await judgeRecording(sample))).toBe(readFileSync(join(sample, file), 'utf8'))
  },
)
