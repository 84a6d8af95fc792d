import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
export const shippedScenario = join(root, 'scenarios/opnsense-single-wan/master-power-off.yaml')
export const shippedLab = join(root, 'lab/topologies/opnsense-single-wan.yaml')

/** What a finished run of the command line left. */
export interface Finished {
  code: number | null
  stdout: string
  stderr: string
  /** Standard output with its line breaks and indents as single spaces. */
  said: string
}

/** A working directory of its own for runs of firedrill, with its own temporary folder and a mark that every process of its labs carries. */
export interface Workplace {
  folder: string
  /** `onStderr` is told all of standard error whenever it grows. */
  start(
    args: string[],
    onStderr?: (text: string) => void,
  ): { done: Promise<Finished>; kill(signal: NodeJS.Signals): boolean }
  run(args: string[]): Promise<Finished>
  write(name: string, content: string): string
  /** What is left of all runs so far outside their reports: processes, temporary files, mounts. */
  leftovers(): string[]
  latest(file: string): string
  remove(): void
}

export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-workplace-'))
  const temporary = mkdtempSync(join(tmpdir(), 'firedrill-temporary-'))
  const env = { ...process.env, TMPDIR: temporary, NO_COLOR: '1' }
  const start: Workplace['start'] = (args, onStderr = () => {}) => {
    const child = spawn(process.execPath, [join(root, 'src/cli.ts'), ...args], { cwd: folder, env })
    const output = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => onStderr((output.stderr += text)))
    const done = once(child, 'close').then(([code]: (number | null)[]) => ({
      code: code ?? null,
      ...output,
      said: output.stdout.replaceAll(/\s+/g, ' '),
    }))
    return { done, kill: (signal: NodeJS.Signals) => child.kill(signal) }
  }
  return {
    folder,
    start,
    run: (args) => start(args).done,
    write(name, content) {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    },
    leftovers: () => [...processesOf(temporary), ...readdirSync(temporary), ...mountsOf(temporary)],
    latest: (file) => readFileSync(join(folder, 'reports/latest', file), 'utf8'),
    remove() {
      rmSync(folder, { recursive: true, force: true })
      rmSync(temporary, { recursive: true, force: true })
    },
  }
}

/** Processes that a run with this temporary folder started, told by the environment that they inherit or by a file of theirs. */
function processesOf(temporary: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const said = [`/proc/${pid}/environ`, `/proc/${pid}/cmdline`].map(readOrNothing).join('\0')
      return said.includes(temporary)
        ? [`process ${pid}: ${readOrNothing(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`]
        : []
    })
}

function mountsOf(temporary: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(temporary))
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The network devices, mounts, and named namespaces of this machine: no lab may ever change them. */
export function hostState(): string {
  const namespaces = readlinkSync('/proc/self/ns/net')
  const links = readdirSync('/sys/class/net').toSorted().join(' ')
  const named = ((): string[] => {
    try {
      return readdirSync('/run/netns')
    } catch {
      return []
    }
  })()
  return JSON.stringify({ namespaces, links, named, bridges: readOrNothing('/proc/net/dev').split('\n').length })
}
