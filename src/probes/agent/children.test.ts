import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const isAllowed = spawnSync('chrt', ['--fifo', '1', 'true']).status === 0
const program = `
import { readFileSync } from 'node:fs'
import { goFirst } from ${JSON.stringify(join(import.meta.dirname, 'children.mjs'))}
const policy = () => readFileSync('/proc/thread-self/stat', 'utf8').split(') ')[1].split(' ')[38]
const before = policy()
goFirst(0)
console.log(before, policy())`

test.skipIf(!isAllowed)('a thread that goes first is of the real-time class, where that is allowed', () => {
  const args = ['--input-type=module', '-e', program]
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()).toBe('0 1')
})
