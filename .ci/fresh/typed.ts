import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { enabledUnits } from '../../lab/setup/enabled-units.mjs'
import { reachableEnvironment } from './host-npm.ts'

const script = join(import.meta.dirname, 'type-in-root.sh')
const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc']

/** How a command ended that was typed in the bare root. `wrong`: processes, listeners, units and files that it left, a line each. */
export interface Typed {
  code: number | null
  durationMs: number
  wrong: string[]
}

/** Types a command in the root, with its output on this terminal. Abort kills it with all it started. */
export async function typeInRoot(root: string, command: string, signal: AbortSignal): Promise<Typed> {
  const findings = `${root}.findings`
  const before = enabledUnits(join(root, 'etc'))
  const startMs = performance.now()
  const child = spawn('unshare', [...namespaces, 'sh', script, root, command, findings], {
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      ...reachableEnvironment(process.env),
    },
    stdio: 'inherit',
  })
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill)
  const code = await new Promise<number | null>((resolve) =>
    child.once('error', () => resolve(127)).once('close', resolve),
  )
  signal.removeEventListener('abort', kill)
  const durationMs = performance.now() - startMs
  const enabled = [...enabledUnits(join(root, 'etc'))]
    .filter((path) => !before.has(path))
    .map((path) => `newly enabled: ${path}`)
  const wrong = [...lines(await readFile(findings, 'utf8').catch(() => '')), ...enabled]
  await rm(findings, { force: true })
  signal.throwIfAborted()
  return { code, durationMs, wrong }
}

function lines(text: string) {
  return text.split('\n').filter((line) => line !== '')
}
