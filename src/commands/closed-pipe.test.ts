import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { projectRoot } from './project.ts'

test.each([['schema scenario'], ['analyze reports/sample']])(
  '%s ends well although nobody reads it to the end',
  (command) => {
    const typed = `node src/cli.ts ${command} | head -n 1`
    const ended = spawnSync('bash', ['-o', 'pipefail', '-c', typed], { cwd: projectRoot, encoding: 'utf8' })
    expect({ code: ended.status, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' })
    expect(ended.stdout).not.toBe('')
  },
)
