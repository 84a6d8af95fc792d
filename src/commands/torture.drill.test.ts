import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { hostState } from './firedrill.fixture.ts'

const program = join(import.meta.dirname, '..', '..', '.ci', 'torture', 'main.ts')

test(
  'drills killed at six instants leave nothing that `firedrill recover` does not undo',
  { timeout: 240_000 },
  async () => {
    const before = hostState()
    const six = ['--kills', '6', '--labs', '3', '--signal', 'SIGKILL', '--lasts', '12000']
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...six])
    expect(stdout).toMatch(/^6 of 6 as before/m)
    expect(hostState()).toBe(before)
  },
)
