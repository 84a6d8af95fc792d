import { countStates } from '../pfsync/state-count.ts'
import { natLines, ruleLines } from '../pf/rule-text.ts'
import { type Command, type CommandResult, type Firewall, answer, refuse } from './command.ts'
import { formatState, type State } from './state-text.ts'

const stateLimit = 397_000

/**
 * `pfctl -s info|states|Creators|rules|nat|memory` (also `-si -ss -sc -sr -sn -sm`), `-v` adds the host id, `-vv` ids and
 * creators; `-d -e`, `-F states|all`, `-k address`, `-k id -k <id>/<creator>`.
 */
export const pfctl: Command = async (firewall, args) => {
  const words = args.join(' ')
  const what = /(?:^| )-[qnv]*s ?(\w+)/.exec(words)?.[1]
  if (what !== undefined) return show(firewall, what, words.match(/-\w*/g)?.join('').match(/v/g)?.length ?? 0)
  if (/(^| )-[qv]*[de]\b/.test(words)) return turn(firewall, /(^| )-[qv]*e\b/.test(words))
  if (/(^| )-[qv]*F ?(s|S|a)/.test(words)) return flush(firewall)
  const killed = args.flatMap((arg, at) => (args[at - 1] === '-k' ? [arg] : []))
  if (killed.length > 0) return kill(firewall, killed)
  return refuse(`pfctl: Unknown option -- ${words}\n`)
}

async function show({ control, config, gateways }: Firewall, what: string, verbosity: number): Promise<CommandResult> {
  const name = what.toLowerCase()
  const is = (word: string): boolean => word.startsWith(name)
  if (is('info')) {
    return answer(formatInfo(control, verbosity > 0 ? config.hostId : undefined))
  }
  if (name === 's' || is('states')) {
    const states = await control.filter.states()
    return answer(states.map((state) => formatState(state, verbosity > 1)).join(''))
  }
  if (is('creators')) return answer(formatCreators(await control.filter.states()))
  if (is('memory')) return answer(formatLimits())
  if (is('nat')) return answer(linesOf(natLines(config)))
  if (is('rules')) return answer(linesOf(ruleLines(config, gateways.isUp)))
  return refuse(`pfctl: Unknown show modifier '${what}'\n`)
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

async function turn({ control: { filter } }: Firewall, on: boolean): Promise<CommandResult> {
  if (filter.isEnabled() === on) return refuse(`pfctl: pf ${on ? 'already enabled' : 'not enabled'}\n`)
  await (on ? filter.enable() : filter.disable())
  return answer(`pf ${on ? 'enabled' : 'disabled'}\n`)
}

async function flush({ control: { filter } }: Firewall): Promise<CommandResult> {
  const count = countStates()
  await filter.flush()
  return answer(`${count} states cleared\n`)
}

async function kill({ control: { filter } }: Firewall, [first = '', second]: string[]): Promise<CommandResult> {
  if (first === 'id' && second !== undefined) {
    const [id = '', creator = ''] = second.split('/')
    const count = (await filter.killId(id.padStart(16, '0'), creator)) ? 1 : 0
    return answer(`killed ${count} states\n`)
  }
  return answer(`killed ${await filter.kill(first === '0.0.0.0/0' && second !== undefined ? second : first)} states\n`)
}

function formatCreators(states: State[]): string {
  const ids = [...new Set(states.map(({ creator }) => creator))].filter((id) => id !== '00000000').sort()
  return ['Creator IDs:', ...ids, ''].join('\n')
}

function formatLimits(): string {
  const limits = { states: stateLimit, 'src-nodes': stateLimit, frags: 5000, 'table-entries': 1_000_000 }
  const lines = Object.entries(limits).map(
    ([name, limit]) => `${name.padEnd(14)}hard limit ${String(limit).padStart(8)}`,
  )
  return `${lines.join('\n')}\n`
}

function formatInfo({ system, filter }: Firewall['control'], hostId: string | undefined): string {
  const seconds = Math.floor(system.uptimeSeconds())
  const time = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  const clock = time.map((part) => String(part).padStart(2, '0')).join(':')
  const word = filter.isEnabled() ? 'Enabled' : 'Disabled'
  const status = `Status: ${word} for ${Math.floor(seconds / 86400)} days ${clock}`.padEnd(46)
  const host = hostId === undefined ? '' : `\nHostid:   0x${hostId}`
  const head = `${status}Debug: Urgent${host}\n\nState Table                          Total             Rate\n`
  return `${head}  current entries ${String(countStates()).padStart(24)}               \n`
}
