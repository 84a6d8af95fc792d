import { z } from 'zod'
import type { Clock } from '../../../../ports/clock.ts'
import type { Firmware } from '../../../../ports/firewall.ts'
import { refusal } from '../../refusal.ts'
import type { RestCall, RestClient } from '../../rest/client.ts'

const privilege = '"System: Firmware"'
const flag = z
  .union([z.boolean(), z.enum(['0', '1', '']), z.int()])
  .transform((value) => value === true || value === '1' || value === 1)
const statusCall: RestCall<{
  status: 'none' | 'update' | 'upgrade' | 'error'
  status_msg: string
  needs_reboot: boolean
}> = {
  method: 'POST',
  path: '/api/core/firmware/status',
  answer: z.object({
    status: z.enum(['none', 'update', 'upgrade', 'error']),
    status_msg: z.string().catch(''),
    needs_reboot: flag.catch(false),
  }),
  privilege,
  limitMs: 110_000,
}
const progressCall: RestCall<{ status: 'running' | 'done' | 'reboot' | 'error'; log: string }> = {
  method: 'GET',
  path: '/api/core/firmware/upgradestatus',
  answer: z.object({ status: z.enum(['running', 'done', 'reboot', 'error']), log: z.string().catch('') }),
  privilege,
}
const runningCall: RestCall<{ status: string }> = {
  method: 'GET',
  path: '/api/core/firmware/running',
  answer: z.object({ status: z.string() }),
  privilege,
}
const begun = z.object({ status: z.string(), msg_uuid: z.string().optional() })

/** Updates and reboots of an OPNsense by its API. */
export function opnsenseFirmware(client: RestClient, clock: Clock): Firmware {
  const begin = async (node: string, path: string, what: string, signal: AbortSignal) => {
    const call = { method: 'POST', path, answer: begun, privilege, limitMs: 30_000 } as const
    const { answer, sentMs, ackedMs } = await client.call(node, call, signal)
    if (answer.status === 'ok') return { sentMs, ackedMs }
    throw refusal('refused', `expected ${node} to ${what}, came status ${answer.status}`)
  }
  const check = async (node: string, signal: AbortSignal) => {
    const {
      status,
      status_msg: message,
      needs_reboot: needsReboot,
    } = (await client.call(node, statusCall, signal)).answer
    return { status, message, needsReboot }
  }
  return {
    check,
    upgrade: async (node, signal) => {
      const askedMs = clock.nowMs()
      const { status, message } = await check(node, signal)
      if (status === 'error') throw refusal('refused', `${node} cannot tell what to upgrade: ${message}`)
      if (status === 'none') return { sentMs: askedMs, ackedMs: clock.nowMs() }
      return await begin(node, `/api/core/firmware/${status}`, `begin its ${status}`, signal)
    },
    reboot: (node, signal) => begin(node, '/api/core/system/reboot', 'reboot', signal),
    progress: async (node, signal) => {
      const { status, log } = (await client.call(node, progressCall, signal)).answer
      const isBusy = (await client.call(node, runningCall, signal)).answer.status === 'busy'
      return { state: status === 'running' && !isBusy && log === '' ? 'idle' : status, log }
    },
  }
}
