import { format } from 'prettier'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Fault } from './fault.ts'
import { faults } from './index.ts'

const introduction = `# Faults

Every fault that a scenario can name, from the registry in \`src/faults\`. Each is aimed with \`on\` (or \`from\` and \`to\`) at machines by name, \`both\` firewalls,
\`$master\`, \`$backup\`, \`$primary\`, \`$secondary\`, the role for one VHID (\`$master(1)\`), or all machines of the lab on the hypervisor node of any of
these (\`$node-of($master)\`); roles are resolved when the fault begins. Each is proved by something else than the command that caused it before it counts, and
healed from the journal alone, as often as one likes. What a fault needs and the lab has not makes the trial unknown, with the name of what is missing.

Some failures are a use of another fault: a provider that is off is \`vm-stop: { on: isp }\`, a state sync cable that is cut is \`link-down\` on the network of
state sync, a second WAN alone is \`gateway-blackhole\` on the first provider. \`ifconfig <nic> down\` in a guest is none of them: no link event follows in the
guest, and the switch keeps its tables; use \`link-down\` (the cable) or \`path-down\` (the path).
`

test('docs/faults.md says what the registry says (vitest -u writes it)', async () => {
  const rows = Object.values(faults).map(
    (fault) =>
      `| \`${fault.kind}\` | ${parametersOf(fault)} | ${fault.needs.join(', ')} | ${fault.howTo.replaceAll('|', String.raw`\|`)} |`,
  )
  const table = [
    '| Fault | Parameters | Needs | What it does, on a real Proxmox VE and firewall too |',
    '| - | - | - | - |',
    ...rows,
  ]
  const text = await format(`${introduction}\n${table.join('\n')}\n`, { parser: 'markdown', printWidth: 120 })
  await expect(text).toMatchFileSnapshot('../../docs/faults.md')
})

test('every fault is registered by its own word and says in one line what it does and how it is healed', () => {
  for (const [kind, fault] of Object.entries(faults)) {
    expect(fault.kind).toBe(kind)
    expect(fault.howTo).toMatch(/heal|comes back/)
    expect(fault.howTo).not.toContain('\n')
    expect(fault.needs.length).toBeGreaterThan(0)
  }
})

const shape = z.object({
  properties: z.record(z.string(), z.object({ enum: z.array(z.string()).optional() }).loose()).default({}),
  required: z.array(z.string()).default([]),
})

/** `from`, `to`, `network?`, `ways?: one, both` */
function parametersOf({ params }: Fault): string {
  const { properties, required } = shape.parse(z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }))
  return Object.entries(properties)
    .map(([name, { enum: words }]) => {
      const isNeeded = required.includes(name)
      return `\`${name}${isNeeded ? '' : '?'}\`${words === undefined ? '' : ` (${words.join(', ')})`}`
    })
    .join(', ')
}
