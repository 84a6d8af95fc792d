import { run } from '../system/run.ts'
import { countStates } from '../pfsync/start-pfsync.ts'
import { type Command, answer, refuse } from './command.ts'
import { formatState, parseState, type State } from './state-text.ts'

/** `pfctl -s info|states|Creators`, also as `-si -ss -sc`, with `-v` the host id, with `-vv` ids and creators. */
export const pfctl: Command = async ({ config, bootedAtMs }, args) => {
  const verbosity = args.join('').match(/v/g)?.length ?? 0
  const what = args.join(' ').replace(/[v-]/g, '').trim()
  if (/^s ?i/.test(what)) return answer(formatInfo(bootedAtMs, verbosity > 0 ? config.hostId : undefined))
  if (/^s ?s/.test(what)) return answer((await readStates()).map((state) => formatState(state, verbosity > 1)).join(''))
  if (/^s ?[cC]/.test(what)) return answer(formatCreators(await readStates()))
  return refuse(`pfctl: Unknown option -- ${args.join(' ')}\n`)
}

/** The kernel's state table. */
async function readStates(): Promise<State[]> {
  const { output } = await run('conntrack', ['-L', '-o', 'extended,id'])
  return output.split('\n').flatMap((line) => parseState(line) ?? [])
}

function formatCreators(states: State[]): string {
  const ids = [...new Set(states.map(({ creator }) => creator))].filter((id) => id !== '00000000').sort()
  return ['Creator IDs:', ...ids, ''].join('\n')
}

function formatInfo(bootedAtMs: number, hostId: string | undefined): string {
  const seconds = Math.floor((performance.now() - bootedAtMs) / 1000)
  const time = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  const clock = time.map((part) => String(part).padStart(2, '0')).join(':')
  const status = `Status: Enabled for ${Math.floor(seconds / 86400)} days ${clock}`.padEnd(46)
  const host = hostId === undefined ? '' : `\nHostid:   0x${hostId}`
  const head = `${status}Debug: Urgent${host}\n\nState Table                          Total             Rate\n`
  return `${head}  current entries ${String(countStates()).padStart(24)}               \n`
}
