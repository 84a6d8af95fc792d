import type { Connection } from '../../src/commands/connection.ts'
import type { Lab } from '../../src/model/lab.ts'

/** A lab at one instant, field by field; fields that differ from lab to lab without meaning (counters, indices) are left out. */
export type LabPicture = Readonly<Record<string, string>>

const counters = /\bpackets \d+ bytes \d+/g

/** Looks at everything that a fault could have left: VMs, their configurations, links, rules, units, flags, demotion, roles, programs. */
export async function pictureOf(connection: Connection, lab: Lab, signal: AbortSignal): Promise<LabPicture> {
  const firewalls = [lab.pair.primary, lab.pair.secondary]
  const parts = await Promise.all([
    lookAtNode(connection, signal),
    ...firewalls.map((name) => lookAtFirewall(connection, name, signal)),
    ...Object.keys(lab.machines).map((name) => lookAtMachine(connection, name, signal)),
  ])
  return Object.fromEntries(parts.flat())
}

/** What differs between two pictures, one line each. */
export function differences(before: LabPicture, after: LabPicture): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys
    .filter((key) => before[key] !== after[key])
    .map((key) => `${key}: was ${before[key] ?? 'not there'}, is ${after[key] ?? 'not there'}`)
}

type Field = [name: string, value: string]

/** One command for all, since each `pvesh` is a program of its own. */
const nodeCommand = `
echo '== vms'; pvesh get /cluster/resources --type vm --output-format json
for vmid in $(qm list | awk '$1 ~ /^[0-9]+$/ { print $1 }'); do
  echo "== vm $vmid"; pvesh get "/nodes/$(hostname)/qemu/$vmid/pending" --output-format json
done
echo '== links'; ip -o link | sed 's/^[0-9]*: //; s/@[^:]*//; s/ link.*//' | sort
echo '== rules'; nft list ruleset
echo '== queues'; tc qdisc show 2>/dev/null | sort
echo '== units'; ls /run/units`

async function lookAtNode({ node }: Connection, signal: AbortSignal): Promise<Field[]> {
  if (node === null) throw new Error('the target lets nobody in to its node')
  const said = await node.shell.run(node.name, nodeCommand, { signal })
  return said
    .split(/^== /m)
    .slice(1)
    .flatMap((part) => fieldsOf(part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)))
}

function fieldsOf(name: string, text: string): Field[] {
  if (name === 'vms') return vmFields(text)
  if (name.startsWith('vm ')) return configFields(name, text)
  if (name === 'rules') return [[name, text.replaceAll(counters, '')]]
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index): Field => {
      const [first = '', ...rest] = line.split(' ')
      return name === 'links' ? [`link ${first}`, rest.join(' ')] : [`${name} ${index}`, line]
    })
}

/** Of every VM whether it runs; what it uses meanwhile is nobody's fault. */
const vmFields = (text: string): Field[] =>
  records(text).map((vm): Field => [`vm ${shown(vm, 'vmid')} status`, shown(vm, 'status')])

/** Every key of a configuration, and what is pending of it. */
const configFields = (vm: string, text: string): Field[] =>
  records(text)
    .filter((entry) => shown(entry, 'key') !== 'digest')
    .map((entry): Field => [`${vm} ${shown(entry, 'key')}`, JSON.stringify(entry)])

function records(text: string): unknown[] {
  const parsed: unknown = JSON.parse(text)
  return Array.isArray(parsed) ? parsed : []
}

function shown(entry: unknown, key: string): string {
  const value: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, key) : undefined
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** As the node itself says it: roles, demotion, flags, whether its filter is on. */
async function lookAtFirewall({ haReader, shell }: Connection, name: string, signal: AbortSignal): Promise<Field[]> {
  const filter = await shell.run(name, 'pfctl -s info | head -1', { signal }).catch(String)
  const state = await haReader.read(name, signal).catch((error: unknown) => ({ error: String(error) }))
  return [
    [`${name} filter`, /Enabled|Disabled/.exec(filter)?.[0] ?? filter],
    ...Object.entries(state).map(([key, value]): Field => [`${name} ${key}`, JSON.stringify(value)]),
  ]
}

/** The programs that run on a machine, by name and how many of each, those of this look apart. */
async function lookAtMachine({ shell }: Connection, name: string, signal: AbortSignal): Promise<Field[]> {
  const command = `for p in /proc/[0-9]*; do readlink $p/exe; done 2>/dev/null | grep -v -e sshd -e 'bin/.*sh$' -e readlink -e sort -e uniq -e grep -e sleep -e socat -e systemctl -e busybox -e coreutils | sort | uniq -c`
  const said = await shell.run(name, command, { signal }).catch(String)
  return [[`${name} programs`, said.trim().replaceAll(/\s+/g, ' ')]]
}
