import { appendFileSync, mkdirSync, symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

/** The system log of the firewall: kernel lines and what daemons and hooks say. */
export type SystemLog = {
  kernel: (text: string) => void
  program: (name: string, text: string, severity?: number) => void
}

const kernelInfo = 6
const userError = 11

/** Opens `<folder>/system_YYYYMMDD.log` (RFC 5424, one file a day, `latest.log` links to the newest). */
export function openSystemLog(folder: string, hostName: string, bootedAtMs: number): SystemLog {
  mkdirSync(folder, { recursive: true })
  let sequence = 0
  let today = ''
  function append(priority: number, name: string, text: string): void {
    const now = new Date()
    today = follow(folder, now, today)
    sequence += 1
    appendFileSync(join(folder, today), formatLine({ priority, at: now, hostName, name, sequence, text }))
  }
  return {
    kernel: (text) => {
      const uptimeSeconds = Math.floor((performance.now() - bootedAtMs) / 1000)
      append(kernelInfo, 'kernel', `<6>[${uptimeSeconds}] ${text}`)
    },
    program: (name, text, priority = userError) => append(priority, name, text),
  }
}

/** One line of the log; the time is local to the second, with its zone. */
export function formatLine(entry: {
  priority: number
  at: Date
  hostName: string
  name: string
  sequence: number
  text: string
}): string {
  const stamp = `${entry.at.toISOString().slice(0, 19)}+00:00`
  const head = `<${entry.priority}>1 ${stamp} ${entry.hostName} ${entry.name} - - [meta sequenceId="${entry.sequence}"]`
  return `${head} ${entry.text}\n`
}

function follow(folder: string, now: Date, today: string): string {
  const name = `system_${now.toISOString().slice(0, 10).replaceAll('-', '')}.log`
  if (name === today) return today
  const link = join(folder, 'latest.log')
  try {
    unlinkSync(link)
  } catch {
    // The first log of this machine.
  }
  symlinkSync(name, link)
  return name
}
