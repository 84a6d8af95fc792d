import { execFile } from 'node:child_process'

const withinMs = 5000
const mostBytes = 64 * 1024 * 1024

/** @typedef {{ port: number } | { pid: number }} SocketOwner How a session's socket is found: by its own port, or by its program. */

/**
 * What the kernel says of every TCP socket of this machine (`ss -ti`), by local port and by program. Empty where `ss` does not answer.
 * @returns {Promise<(owner: SocketOwner) => string | null>}
 */
export async function readSockets() {
  const text = await new Promise((/** @type {(text: string) => void} */ resolve) => {
    const options = { timeout: withinMs, maxBuffer: mostBytes }
    execFile('ss', ['-tinOHp', 'state', 'all'], options, (error, stdout) => resolve(error ? '' : stdout))
  })
  const lines = text.split('\n').flatMap((line) => parseSocketLine(line) ?? [])
  const byPort = new Map(lines.map((line) => [line.port, line.tcp]))
  const byPid = new Map(lines.flatMap(({ pids, tcp }) => pids.map((pid) => [pid, tcp])))
  return (owner) => ('port' in owner ? byPort.get(owner.port) : byPid.get(owner.pid)) ?? null
}

/**
 * One line of `ss -tinOHp`: `ESTAB 0 0 10.0.0.1:40000 10.0.0.2:7 users:(("node",pid=9,fd=20)) cubic rto:204 ...`; null for any other line.
 * @param {string} line
 */
export function parseSocketLine(line) {
  const match = /^(\S+)\s+\d+\s+\d+\s+\S+:(\d+)\s+\S+:(?:\d+|\*)\s*(.*)$/.exec(line)
  if (match === null) return null
  const [, state = '', port, rest = ''] = match
  const pids = [...rest.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid))
  return { port: Number(port), pids, tcp: `${state} ${rest.replace(/users:\(.*?\)\)\s*/, '')}`.trim() }
}
