import { within } from './aimed.ts'
import type { Effect, FaultTools, NodeAccess } from './fault.ts'
import { onePerNode } from './placed-rule.ts'
import type { Nudge, PreparedRules } from './placed-rule.ts'

/** A master sends at least every 2 s (advbase 1, demoted skew 240). */
const seenWithinMs = 6000
const pollMs = 100

/** Waits until a packet has been dropped in every group. */
export async function seeDrops(
  ready: PreparedRules,
  what: string,
  tools: FaultTools,
  access: NodeAccess,
): Promise<Effect> {
  const { table, rules } = ready
  const groups = [...new Set(rules.map(({ group }) => group))]
  const nodes = onePerNode(rules).map(({ node }) => node)
  const untilMs = tools.clock.nowMs() + seenWithinMs
  for (;;) {
    await Promise.all(ready.nudges.map((nudge) => send(nudge, tools)))
    const texts = await Promise.all(
      nodes.map((node) => access.shell.run(node, `nft list table bridge ${table}`, { signal: tools.signal })),
    )
    const dropped = groups.map((group) => ({ group, count: droppedOf(group, texts.join('\n')) }))
    const proven = dropped.every(({ count }) => count > 0)
    const evidence = dropped.map(({ group, count }) => `${count} on ${group}`).join(', ')
    if (proven || tools.clock.nowMs() > untilMs)
      return { proven, evidence: `${nodes.join(' and ')} has dropped so many ${what}: ${evidence}` }
    await tools.clock.sleep(pollMs, tools.signal)
  }
}

const send = ({ machine, command }: Nudge, { shell, signal }: FaultTools): Promise<unknown> =>
  shell.run(machine, command, { signal: within(3000, signal) }).catch(() => null)

function droppedOf(group: string, text: string): number {
  const counts = text.matchAll(/counter packets (\d+) bytes \d+ drop comment "(\S*) (?:to|from) [^"]*"/g)
  return [...counts].reduce((sum, [, count, where]) => sum + (where === group ? Number(count) : 0), 0)
}

/** Whether every node is rid of the table. */
export async function seeNothingLeft(
  { table, rules }: PreparedRules,
  what: string,
  tools: FaultTools,
  access: NodeAccess,
): Promise<Effect> {
  const nodes = onePerNode(rules).map(({ node }) => node)
  const left: string[] = []
  for (const node of nodes) {
    const tables = await access.shell.run(node, 'nft list tables bridge', { signal: tools.signal })
    if (tables.split('\n').some((line) => line.trim() === `table bridge ${table}`)) left.push(node)
  }
  const evidence =
    left.length > 0
      ? `${left.join(' and ')} still drops ${what} (table ${table})`
      : `${nodes.join(' and ')} no longer drops ${what} (table ${table})`
  return { proven: left.length === 0, evidence }
}
