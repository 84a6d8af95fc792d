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
/** What the aim of such a fault says once it is prepared: enough to heal it. */
export const preparedRules = z.object({
  table: z.string().regex(/^firedrill_[0-9a-f]{8}$/),
  rules: z.array(placedRule).min(1),
  nudges: z.array(z.object({ machine: z.string(), command: z.string() })).default([]),
})
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
