import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Speaker } from '../carp/speaker.ts'
import { run } from '../system/run.ts'
import type { SystemLog } from '../system/system-log.ts'

const folder = '/usr/local/etc/rc.carp_service_status.d'
const penalty = 1_048_576
let isDemoted = false

/** What the check of services acts on. */
type Checked = { speaker: Speaker; log: SystemLog }

/**
 * OPNsense's check of services: each executable of rc.carp_service_status.d has to end well, or the node is demoted by 2^20
 * until all do. Runs at boot and when somebody asks for it, not by itself. Returns what there is to print.
 */
export async function runServiceStatus({ speaker, log }: Checked, from = folder): Promise<string> {
  const failed: string[] = []
  for (const name of existsSync(from) ? readdirSync(from).sort() : []) {
    const file = join(from, name)
    if (isExecutable(file) && (await run(file, [])).status !== 0) failed.push(name)
  }
  const wants = failed.length > 0
  if (wants === isDemoted) return ''
  isDemoted = wants
  speaker.apply({ kind: 'demote', by: wants ? penalty : -penalty, reason: 'sysctl' })
  const text = wants
    ? `carp demoted by ${penalty} due to service disruption (services: ${failed.join(',')})`
    : `carp promoted by ${penalty} due to service recovery`
  log.program('carp_service_status', text, 13)
  return `${text}\n`
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
