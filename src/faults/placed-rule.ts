import { z } from 'zod'

/** Packets that are to be dropped at a machine's tap. `match`: nft's words for them. `group`: what their drops are counted under. */
export interface Rule {
  machine: string
  way: 'to' | 'from'
  network: string
  match: string
  group: string
}

/** A command on a machine that sends packets which meet the rules, so that it need not be waited for somebody who does. */
export interface Nudge {
  machine: string
  command: string
}

const word = z.string().regex(/^[\w.-]+$/)
const placedRule = z.object({
  machine: word,
  way: z.enum(['to', 'from']),
  network: word,
  match: z.string().regex(/^[^{};"\n]*$/),
  group: word,
  device: word,
  node: word,
})
const ownTable = z.string().regex(/^firedrill_[0-9a-f]{8}$/)
/** What the aim of such a fault says once it is prepared: enough to heal it. */
export const preparedRules = z.object({
  table: ownTable,
  rules: z.array(placedRule).min(1),
  nudges: z.array(z.object({ machine: z.string(), command: z.string() })).default([]),
})
/** What journals of the first release say of a carp-drop. They name no node: there was none but the first. */
const firstJournals = z.object({
  table: ownTable,
  holes: z.array(z.object({ to: word, network: word, device: word })).min(1),
})

/** What a journal says, of whichever release it is; `node` is the first one. Throws where it is of none. */
export function readPrepared(params: unknown, node: string): PreparedRules {
  const old = firstJournals.safeParse(params)
  if (!old.success) return preparedRules.parse(params)
  const rules = old.data.holes.map(({ to: machine, network, device }) => ({
    machine,
    network,
    device,
    node,
    way: 'to' as const,
    match: 'ip protocol 112',
    group: network,
  }))
  return { table: old.data.table, rules, nudges: [] }
}

/** A rule with the device and the node where it applies. */
export type PlacedRule = z.output<typeof placedRule>
export type PreparedRules = z.output<typeof preparedRules>

/** The table of one node as `nft -f` reads it; it has rules of ours and nothing else. */
export function tableOf(table: string, rules: readonly PlacedRule[]): string {
  const lines = rules.map(({ way, device, match, group, machine }) => {
    const side = way === 'to' ? 'oifname' : 'iifname'
    return `    ${side} "${device}" ${match} counter drop comment "${group} ${way} ${machine}"`
  })
  return `table bridge ${table} {
  chain faults {
    type filter hook forward priority -300; policy accept;
${lines.join('\n')}
  }
}
`
}

/** One rule for each node that has any. */
export const onePerNode = (rules: readonly PlacedRule[]): PlacedRule[] =>
  rules.filter(({ node }, index) => rules.findIndex((other) => other.node === node) === index)
