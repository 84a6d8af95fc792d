import { z } from 'zod'
import type { Firmware } from '../../../../ports/firewall.ts'
import type { Commander } from '../../command-line/commander.ts'
import { refusal } from '../../refusal.ts'
import type { RestClient } from '../../rest/client.ts'
import { restCall } from './envelope.ts'

const limitMs = 110_000
const reboot = restCall({ method: 'POST', path: '/diagnostics/reboot' }, z.unknown())
const log = '/conf/upgrade_log.latest.txt'

/** Updates of a pfSense by its own program over the command prompt, reboots by the REST package. */
export function pfsenseFirmware(client: RestClient, commander: Commander): Firmware {
  return {
    check: async (node, signal) => {
      // Exit code 2 says that there is an update, and is no failure.
      const script = 'pfSense-upgrade -c 2>&1; echo "exit $?"'
      const { text } = await commander.run(node, script, 'look for updates', signal, limitMs)
      return parseCheck(node, text)
    },
    upgrade: async (node, signal) => {
      const script = `nohup pfSense-upgrade -y -l ${log} >/dev/null 2>&1 &`
      const { sentMs, ackedMs } = await commander.run(node, script, 'begin its upgrade', signal, limitMs)
      return { sentMs, ackedMs }
    },
    reboot: async (node, signal) => {
      const { sentMs, ackedMs } = await client.call(node, reboot, signal)
      return { sentMs, ackedMs }
    },
    progress: async (node, signal) => {
      // The brackets keep the pattern from finding the shell that looks for it.
      const script = `pgrep -f "pfSense-upgrade [-]y" >/dev/null && echo running || echo over; cat ${log} 2>/dev/null; true`
      return parseProgress((await commander.run(node, script, 'tell how its upgrade goes', signal)).text)
    },
  }
}

/** Parses what `pfSense-upgrade -c` prints, with its exit code as the last line. */
export function parseCheck(node: string, text: string): Awaited<ReturnType<Firmware['check']>> {
  const [, message = '', code] = /^([\s\S]*?)\s*^exit (\d+)\s*$/m.exec(text) ?? []
  if (code === '0') return { status: 'none', message: message.trim(), needsReboot: false }
  if (code === '2') return { status: 'update', message: message.trim(), needsReboot: true }
  throw refusal(
    'refused',
    `expected ${node} to tell whether there is an update, came exit code ${code ?? 'unknown'}: ${message.trim().slice(-200)}`,
  )
}

function parseProgress(text: string): Awaited<ReturnType<Firmware['progress']>> {
  const [first, ...rest] = text.split('\n')
  const told = rest.join('\n').trim()
  if (first?.trim() === 'running') return { state: 'running', log: told }
  if (told === '') return { state: 'idle', log: '' }
  if (/__RC=[1-9]/.test(told)) return { state: 'error', log: told }
  return { state: /REBOOT_AFTER|reboot/i.test(told) ? 'reboot' : 'done', log: told }
}
