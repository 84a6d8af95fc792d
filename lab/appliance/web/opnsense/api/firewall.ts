import type { State } from '../../../commands/state-text.ts'
import { formatClock } from '../../clock-text.ts'
import type { JsonObject } from '../../exchange.ts'
import { textOf } from '../../form.ts'
import type { Answer, Call, Routes } from './endpoint.ts'
import { gridAnswer } from './grid.ts'

const stateLimit = '397000'

/** pf: its state table and what it counts. */
export const firewallRoutes: Routes = {
  'diagnostics/firewall/pf_states': { answer: countStates },
  'diagnostics/firewall/pf_statistics': { answer: statistics },
  'diagnostics/firewall/query_states': { answer: queryStates },
  'diagnostics/firewall/kill_states': { answer: killStates },
  'diagnostics/firewall/del_state': { parameters: 2, answer: deleteState },
  'diagnostics/firewall/flush_states': { answer: flushStates },
}

async function countStates({ firewall }: Call): Promise<Answer> {
  return { current: String((await firewall.control.filter.states()).length), limit: stateLimit }
}

async function statistics({ firewall, params: [section] }: Call): Promise<Answer> {
  const { output } = await firewall.run('pfctl', ['-si'])
  const info = { info: infoOf(output) }
  const memory = { memory: { states: Number(stateLimit), 'src-nodes': Number(stateLimit), frags: 5000 } }
  const sections: Readonly<Record<string, JsonObject>> = {
    info,
    memory,
    timeouts: { timeouts: { 'tcp.first': '120s', 'tcp.opening': '30s', 'tcp.established': '86400s' } },
    interfaces: { interfaces: {} },
    rules: { rules: {} },
  }
  if (section === undefined) return Object.fromEntries(Object.values(sections).flatMap((each) => Object.entries(each)))
  return Object.hasOwn(sections, section) ? (sections[section] ?? {}) : {}
}

// What `pfctl -si` prints: name, total, and the rate where there is one.
function infoOf(text: string): JsonObject {
  const totals = [...text.matchAll(/^ {2}(\S.*?)\s{2,}(\d+)(?:\s+([\d.]+)\/s)?\s*$/gm)]
  const entries = totals.map(([, name = '', total = '', rate]) => {
    return [
      name.replaceAll(' ', '-'),
      { total: Number(total), ...(rate !== undefined && { rate: Number(rate) }) },
    ] as const
  })
  const isTable = ([name]: readonly [string, unknown]): boolean =>
    ['current-entries', 'searches', 'inserts', 'removals'].includes(name)
  return {
    uptime: /for (\d+ days [\d:]+)/.exec(text)?.[1] ?? '',
    'state-table': Object.fromEntries(entries.filter(isTable)),
    counters: Object.fromEntries(entries.filter((entry) => !isTable(entry))),
  }
}

async function queryStates({ firewall, fields, isPost }: Call): Promise<Answer> {
  if (!isPost) return gridAnswer([], {})
  const states = await firewall.control.filter.states()
  return gridAnswer(states.map(rowOf), fields)
}

function rowOf(state: State): JsonObject {
  const [source, destination, translated] = [state.source, state.destination, state.translated].map(splitPort)
  const isNat = state.translated !== state.source
  return {
    label: '',
    descr: '',
    nat_addr: isNat ? (translated?.address ?? null) : null,
    nat_port: isNat ? (translated?.port ?? null) : null,
    gateway: null,
    iface: 'all',
    interface: 'all',
    flags: [],
    proto: state.proto,
    ipproto: state.family === 'inet6' ? 'ipv6' : 'ipv4',
    direction: 'out',
    src_addr: source?.address,
    src_port: source?.port,
    dst_addr: destination?.address,
    dst_port: destination?.port,
    state: state.state,
    age: formatClock(state.ageSeconds),
    expires: formatClock(state.expiresSeconds),
    pkts: state.packets,
    bytes: state.bytes,
    id: `${state.id}/${state.creator}`,
  }
}

/** `10.0.0.1:80` or `2001:db8::1[80]`. */
function splitPort(text: string): { address: string; port: string } {
  const [, address = text, port = ''] =
    /^(.*?)(?:\[(\d+)\]|:(\d+))$/.exec(text)?.filter((each) => each !== undefined) ?? []
  return { address, port }
}

async function killStates({ firewall, fields, isPost }: Call): Promise<Answer> {
  const filter = textOf(fields, 'filter')
  if (!isPost || filter === '') return {}
  return { result: 'ok', dropped_states: await firewall.control.filter.kill(filter) }
}

async function deleteState({ firewall, isPost, params: [id = '', creator = ''] }: Call): Promise<Answer> {
  if (!isPost) return { result: '' }
  const isKilled = await firewall.control.filter.killId(id, creator)
  return { result: isKilled ? 'ok' : 'not found' }
}

async function flushStates({ firewall, isPost }: Call): Promise<Answer> {
  if (!isPost) return { result: '' }
  await firewall.control.filter.flush()
  return { result: 'ok' }
}
