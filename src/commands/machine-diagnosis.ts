import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Diagnosis } from './diagnosis.ts'
import { projectRoot } from './project.ts'

const tryWithinMs = 60_000
const instead = 'or drill a real cluster with --target'

/** Whether the embedded lab can be on this machine: Linux, root, packages, and every kernel feature tried once. */
export async function diagnoseMachine(): Promise<Diagnosis[]> {
  const what = 'embedded lab'
  if (process.platform !== 'linux') {
    return [{ what, state: 'fail', detail: `needs Linux, this is ${process.platform}`, advice: instead }]
  }
  if (process.getuid?.() !== 0) {
    const detail = `needs root, this is user ${process.getuid?.() ?? 'unknown'}`
    return [{ what, state: 'fail', detail, advice: `sudo firedrill doctor, ${instead}` }]
  }
  return [{ what: 'machine', state: 'pass', detail: 'root on Linux' }, await diagnoseSetUp(what)]
}

/** Set-up itself knows what it needs; told to install nothing, it only says what is missing. */
async function diagnoseSetUp(what: string): Promise<Diagnosis> {
  const program = join(projectRoot, 'lab', 'setup', 'main.mjs')
  const isThere = await access(program).then(
    () => true,
    () => false,
  )
  if (!isThere) return { what, state: 'unknown', detail: 'this installation has no set-up program', advice: instead }
  const { code, said } = await run(program)
  if (code === 0) return { what, state: 'pass', detail: 'packages are installed, the kernel can do all of it' }
  const lines = said.split('\n').filter((line) => line.startsWith('set-up: ') && !line.includes('FIREDRILL_NO_INSTALL'))
  const detail = lines.map((line) => line.replace('set-up: ', '')).join('; ') || said.trim()
  return { what, state: 'fail', detail, advice: `npm start installs packages, ${instead}` }
}

function run(program: string): Promise<{ code: number | null; said: string }> {
  const { FIREDRILL_TARGET: _, ...environment } = process.env
  const env = { ...environment, FIREDRILL_NO_INSTALL: '1' }
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, 'start'],
      { env, timeout: tryWithinMs },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, said: stdout + stderr }),
    )
  })
}
