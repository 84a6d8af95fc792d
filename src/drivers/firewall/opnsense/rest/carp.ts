import type { Clock } from '../../../../ports/clock.ts'
import type { CarpSwitch, HaReader, MaintenanceControl } from '../../../../ports/firewall.ts'
import { carpSwitch } from '../../carp-switch.ts'
import { toggledMaintenance } from '../../maintenance/toggle.ts'
import type { RestClient } from '../../rest/client.ts'
import { type CarpAction, actionOf, carpActionSchema, toggleActions } from '../action-answer.ts'

const limitMs = 40_000
const withinMs = 10_000

/** Up to 26.1.10 the privilege of the status page did not cover the verbs, whatever its description says. */
const privilege = '"Interfaces: Virtual IPs: Status" from release 26.1.11 on, and "All pages" before that'

/** Maintenance and CARP itself by the verbs of `carp_status`. */
export function opnsenseCarp(
  client: RestClient,
  haReader: HaReader,
  clock: Clock,
): { maintenance: MaintenanceControl; carpSwitch: CarpSwitch } {
  const act = async (node: string, verb: string, signal: AbortSignal) => {
    const path = `/api/diagnostics/interface/carp_status/${verb}`
    return await client.call<CarpAction>(
      node,
      { method: 'POST', path, answer: carpActionSchema, privilege, limitMs },
      signal,
    )
  }
  const flip = async (node: string, signal: AbortSignal) => {
    const { answer, sentMs, ackedMs } = await act(node, 'maintenance', signal)
    return { sentMs, ackedMs, action: actionOf(node, 'maintenance', answer, toggleActions) }
  }
  const set = async (node: string, on: boolean, signal: AbortSignal) => {
    const verb = on ? 'enable' : 'disable'
    const { answer, sentMs, ackedMs } = await act(node, verb, signal)
    actionOf(node, verb, answer, [verb])
    return { sentMs, ackedMs }
  }
  return {
    maintenance: toggledMaintenance({ haReader, flip, clock }),
    carpSwitch: carpSwitch({ haReader, set, withinMs, clock }),
  }
}
