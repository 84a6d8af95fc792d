import { probes } from '../../src/probes/index.ts'
import { parameterTable } from './parameters.ts'

const head = `# Probes

What can flow through a pair while it is drilled. A probe stands in a scenario under a name of its own, which is its stream in \`expect\` and \`claims\`:

\`\`\`yaml
probes:
  outside: { ping: { from: client, to: target, every: 200ms } }
  takeover: { udp: { from: client, to: target } } # every 10 ms
  held: { tcp-session: { from: client, to: target, every: 200ms, sessions: 1000 } }
\`\`\`

\`from\` is the machine that sends. \`to\` is a machine of the lab; \`vip:lan\` or \`vip:1\`, a shared address by network or VHID; \`forward:2222\`, a port of the
shared address outside that leads inside; \`tunnel:vpn\`, the far end of the firewalls' tunnel. \`family: 6\` asks for IPv6. Durations have a unit (\`200ms\`,
\`2s\`); as defaults they stand here in ms. Packets are measured by outage, takeover and loss; sessions by how many live, how long they were silent and
how soon they resumed. How: [measurement](measurement.md).

This page is made from the probes themselves: \`npm run pages\`.
`

/** \`docs/probes.md\`: every kind of probe with its parameters. */
export const probesPage = (): string => [head, ...Object.values(probes).map((probe) => sectionOf(probe))].join('\n')

function sectionOf({ kind, class: of, howTo, needsReflector, params }: (typeof probes)[string]): string {
  const partner = needsReflector ? ' Needs a machine of the lab, or a reflector, on the other side.' : ''
  const what = `${howTo.slice(0, 1).toUpperCase()}${howTo.slice(1)}.`
  return `## ${kind}\n\n${what} Measured as ${of}.${partner}\n\n${parameterTable(params)}\n`
}
