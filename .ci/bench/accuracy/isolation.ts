import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')

/** Whatever the rig writes to /tmp ends with it. A project that lives there stays where it is. */
const privateTemp = `mount -t tmpfs tmpfs /mnt && case "$0" in /tmp/*) mkdir -p "/mnt/\${0#/tmp/}" && mount --bind "$0" "/mnt/\${0#/tmp/}";; esac && mount --move /mnt /tmp && exec "$@"`

/**
 * Runs a program of a bench in network, mount and PID namespaces of its own, from which nothing is left whichever way it or this
 * process ends: the program ends with its standard input. `onLine` gets each line that it prints. Throws when it fails.
 */
export async function isolated(program: string, order: object, onLine: (line: string) => void): Promise<void> {
  const namespaces = '--net --mount --pid --fork --kill-child --mount-proc'.split(' ')
  const command = ['sh', '-c', privateTemp, project, process.execPath, program, JSON.stringify(order)]
  const child = spawn('unshare', [...namespaces, ...command], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.on('error', () => {}) // it ended; its exit code tells
  createInterface({ input: child.stdout }).on('line', onLine)
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject))
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
}
