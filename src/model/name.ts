import { z } from 'zod'

/** A name in a scenario or lab file: letters, digits and dashes, at most 40, so that it is safe in paths, VM names and reports. */
export const nameSchema = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/, {
  error: 'expected a name of letters, digits and dashes that starts with a letter (at most 40)',
})

const named = String.raw`\$?[a-zA-Z][a-zA-Z0-9-]{0,39}(?:\(\d{1,3}\))?`

/** What a fault is aimed at, resolved when it begins: see `readReference`. */
export const machineRefSchema = z.string().regex(new RegExp(String.raw`^(?:${named}|\$node-of\(${named}\))$`), {
  error:
    'expected a machine name, both, or one of $master, $backup, $primary, $secondary, $master(1), $node-of($master)',
})

/** The roles that a fault may aim at. `$master` and `$backup` are read from the pair at injection. */
export const roles = ['$master', '$backup', '$primary', '$secondary'] as const
export type Role = (typeof roles)[number]

/** A reference taken apart. `vhid`: the role for this VHID only; `node`: all machines of the lab on the same hypervisor node. */
export interface Reference {
  of: { role: Role; vhid: number | null } | { machine: string } | 'both'
  node: boolean
}

/** Takes a reference apart: `fw1`, `both`, `$master`, `$backup(2)`, `$node-of($master)`. What is no role is a machine's name. */
export function readReference(ref: string): Reference {
  const inner = /^\$node-of\((.*)\)$/.exec(ref)?.[1]
  if (inner !== undefined) return { of: readReference(inner).of, node: true }
  if (ref === 'both') return { of: 'both', node: false }
  const [, name = ref, vhid] = /^(\$[a-z]+)(?:\((\d+)\))?$/.exec(ref) ?? []
  const role = roles.find((each) => each === name)
  if (role === undefined) return { of: { machine: ref }, node: false }
  return { of: { role, vhid: vhid === undefined ? null : Number(vhid) }, node: false }
}

/** Machines of a lab that share a node of the hypervisor with one of these. */
export function onSameNode(
  machines: Readonly<Record<string, { node?: number | undefined }>>,
  ones: readonly string[],
): string[] {
  const nodes = ones.map((one) => machines[one]?.node ?? 1)
  return Object.keys(machines).filter((machine) => nodes.includes(machines[machine]?.node ?? 1))
}

/** The machines that a reference may end up at, before anything runs: a role is either firewall of the pair. */
export function possibleMachines(
  ref: string,
  lab: {
    machines: Readonly<Record<string, { node?: number | undefined }>>
    pair: { primary: string; secondary: string }
  },
): string[] {
  const { of, node } = readReference(ref)
  const pair = [lab.pair.primary, lab.pair.secondary]
  const ones = of === 'both' || 'role' in of ? pair : [of.machine]
  return node ? onSameNode(lab.machines, ones) : ones
}
