import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from './project.ts'

test('a user that the machine has no name for is told by its number, and is no bug', () => {
  const module = JSON.stringify(join(projectRoot, 'src/commands/provisioned-lab.ts'))
  const program = `import { ownerName } from ${module}; process.setuid(62739); console.log(ownerName())`
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  expect({ said: ended.stdout, wrong: ended.stderr }).toEqual({ said: `uid-62739@${hostname()}\n`, wrong: '' })
})
