import { randomBytes } from 'node:crypto'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import type { RequestInterval } from '../ports/hypervisor.ts'
import { nicIndex, nodeAccess, timed } from './aimed.ts'
import type { Aim, Fault, FaultTools, NodeAccess } from './fault.ts'
import { onePerNode, preparedRules, readPrepared, tableOf } from './placed-rule.ts'
import type { Nudge, PlacedRule, PreparedRules, Rule } from './placed-rule.ts'
import { seeDrops, seeNothingLeft } from './rule-counters.ts'

/** What is special about one fault that drops packets. `what`: the packets, in its evidence. */
export interface Dropping {
  kind: string
  params: Fault['params']
  howTo: string
  what: string
  rules(aim: Aim, lab: Lab): Rule[]
  nudges?(aim: Aim, lab: Lab): Nudge[]
}

/**
 * A fault that drops packets at the taps of machines, by a table of nftables of its own on each node concerned: no carrier changes, nothing
 * else is touched, foreign tables stay as they are. Proved by the counters of its rules; healed by deleting its tables.
 */
export function droppingFault(dropping: Dropping): Fault {
  const { kind, params, howTo, what } = dropping
  return {
    kind,
    needs: ['node shell'],
    params,
    howTo,
    calls: (aim, lab) => callsOf(aim, dropping, lab),
    prepare: (aim, lab, tools) => prepare(aim, dropping, lab, tools),
    begin: (aim, tools) =>
      onEachNode(aim, tools, kind, (node, { table, rules }) => ({
        command: 'nft -f -',
        input: tableOf(
          table,
          rules.filter((rule) => rule.node === node),
        ),
      })),
    // Adding a table that is there changes nothing, so that deleting it never fails.
    heal: (aim, tools) =>
      onEachNode(aim, tools, kind, (_, { table }) => ({
        command: 'nft -f -',
        input: `add table bridge ${table}\ndelete table bridge ${table}\n`,
      })),
    verifyBegun: ({ params: ready }, tools) =>
      seeDrops(preparedRules.parse(ready), what, tools, nodeAccess(tools, kind)),
    verifyHealed: ({ params: ready }, tools) => {
      const access = nodeAccess(tools, kind)
      return seeNothingLeft(readPrepared(ready, access.name), what, tools, access)
    },
    undoOnNode: ({ params: ready }) => {
      const { table, rules } = preparedRules.parse(ready)
      return onePerNode(rules).map(({ machine }) => ({
        machine,
        command: `nft delete table bridge ${table} 2>/dev/null || :`,
      }))
    },
  }
}

function callsOf(aim: Aim, dropping: Dropping, lab: Lab): ReturnType<NonNullable<Fault['calls']>> {
  const concrete = aim.machines.every((machine) => Object.hasOwn(lab.machines, machine))
  const rules = concrete ? dropping.rules(aim, lab) : []
  const told = rules.map(({ machine, way, network, match }) => `${way} ${machine} on ${network}: ${match || 'all'}`)
  const [first = ''] = aim.machines
  const on = (command: string) => [{ ask: 'node' as const, machine: first, command }]
  return {
    begin: on(`nft -f - (table bridge firedrill_{token}, drops ${told.join(', ') || dropping.what})`),
    verifyBegun: on('nft list table bridge firedrill_{token}'),
    heal: on('nft delete table bridge firedrill_{token}'),
    verifyHealed: on('nft list tables bridge'),
  }
}

async function prepare(aim: Aim, dropping: Dropping, lab: Lab, tools: FaultTools): Promise<Aim> {
  const node = nodeAccess(tools, dropping.kind)
  const rules = await Promise.all(dropping.rules(aim, lab).map((rule) => placed(rule, lab, node, tools.signal)))
  for (const { device, node: at } of rules) await refuseMissing(device, at, node, tools.signal)
  const table = `firedrill_${randomBytes(4).toString('hex')}`
  return { machines: aim.machines, params: { ...aim.params, table, rules, nudges: dropping.nudges?.(aim, lab) ?? [] } }
}

async function placed(rule: Rule, lab: Lab, { taps }: NodeAccess, signal: AbortSignal): Promise<PlacedRule> {
  const device = await taps.tapOf(rule.machine, nicIndex(rule.machine, rule.network, lab), signal)
  return { ...rule, device, node: await taps.nodeOf(rule.machine, signal) }
}

/** Throws where the node has no such device. */
async function refuseMissing(device: string, at: string, { shell }: NodeAccess, signal: AbortSignal): Promise<void> {
  const found = await shell.run(at, `test -e /sys/class/net/${device} && echo there || :`, { signal })
  if (found.trim() === 'there') return
  throw new HarnessError(`expected ${device} on node ${at}, it is not there`, {
    exitCode: exitCodes.unavailable,
    hint: 'does the machine run, and on the node that nodeSsh reaches?',
  })
}

const onEachNode = (
  { params }: Aim,
  tools: FaultTools,
  kind: string,
  say: (node: string, ready: PreparedRules) => { command: string; input: string },
): Promise<RequestInterval> =>
  timed(tools, async () => {
    const { shell, name } = nodeAccess(tools, kind)
    const ready = readPrepared(params, name)
    for (const { node } of onePerNode(ready.rules)) {
      const { command, input } = say(node, ready)
      await shell.run(node, command, { signal: tools.signal, input })
    }
  })
