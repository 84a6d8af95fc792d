import type { CarpSwitch, HaReader, MaintenanceControl } from '../../../../ports/firewall.ts'
import type { Clock } from '../../../../ports/clock.ts'
import { carpSwitch } from '../../carp-switch.ts'
import type { Commander } from '../../command-line/commander.ts'
import { toggledMaintenance } from '../../maintenance/toggle.ts'
import { refusal } from '../../refusal.ts'
import { type CarpAction, actionOf, carpActionSchema, toggleActions } from '../action-answer.ts'

/** The verbs run PHP, and `enable` sets up state sync first. */
const limitMs = 40_000
const withinMs = 10_000

/** Maintenance and CARP itself by `configctl interface carp_set_status`, the program behind the REST verb. */
export function configctlCarp(
  commander: Commander,
  haReader: HaReader,
  clock: Clock,
): { maintenance: MaintenanceControl; carpSwitch: CarpSwitch } {
  const act = async (node: string, verb: string, signal: AbortSignal) => {
    const script = `configctl interface carp_set_status ${verb}`
    const { text, sentMs, ackedMs } = await commander.run(node, script, `carry out ${script}`, signal, limitMs)
    return { answer: parseCarpAction(node, verb, text), sentMs, ackedMs }
  }
  const flip = async (node: string, signal: AbortSignal) => {
    const { answer, ...interval } = await act(node, 'maintenance', signal)
    return { ...interval, action: actionOf(node, 'maintenance', answer, toggleActions) }
  }
  const set = async (node: string, on: boolean, signal: AbortSignal) => {
    const verb = on ? 'enable' : 'disable'
    const { answer, ...interval } = await act(node, verb, signal)
    actionOf(node, verb, answer, [verb])
    return interval
  }
  return {
    maintenance: toggledMaintenance({ haReader, flip, clock }),
    carpSwitch: carpSwitch({ haReader, set, withinMs, clock }),
  }
}

/** Parses what configctl prints: the JSON of the action, or words such as "Action not found". */
function parseCarpAction(node: string, verb: string, text: string): CarpAction {
  const parsed = carpActionSchema.safeParse(jsonOrNull(text))
  if (parsed.success) return parsed.data
  throw refusal('not-understood', `expected ${node} to say what became of ${verb}, came "${text.trim().slice(0, 80)}"`)
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
