import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { nameSchema } from '../model/name.ts'
import { nicIndex, nodeAccess, onSchema, timed } from './aimed.ts'
import { forEach } from './each-machine.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'

const written = z.object({ network: z.string(), bridge: z.string().optional() })
const word = z.string().regex(/^[\w.-]+$/)
const prepared = z.object({
  empty: word,
  isOurs: z.boolean(),
  nics: z.record(z.string(), z.object({ index: z.int(), bridge: word, node: word })),
})

/**
 * The plug of one NIC put into a switch with nothing else in it: a wrong VLAN, a wrong port. Proxmox VE takes the carrier away for a moment
 * while it replugs, so that the guest sees a short flap and then a good link that leads nowhere.
 */
export const nicMove: Fault = {
  kind: 'nic-move',
  needs: ['nics', 'node shell'],
  /** `bridge`: an empty one that is there already; where absent, one of our own is made at the node and removed again. */
  params: z.strictObject({ on: onSchema, network: nameSchema, bridge: word.optional() }),
  howTo:
    'moves the NIC on a network to an empty bridge (qm set --netN bridge=...), made at the node for it; healed by moving it back and removing the bridge',

  calls({ machines, params }, lab) {
    const { network } = written.parse(params)
    const index = (machine: string) => Object.keys(lab.machines[machine]?.nics ?? {}).indexOf(network)
    const nics = machines.map((machine) => ({ machine, nic: index(machine) < 0 ? null : index(machine) }))
    const read = nics.map((nic) => ({ ask: 'read-nic' as const, ...nic }))
    const write = (change: string) => nics.map((nic) => ({ ask: 'write-nic' as const, ...nic, change }))
    return {
      prepare: read,
      begin: write('bridge={empty}'),
      verifyBegun: read,
      heal: write('bridge={as it was}'),
      verifyHealed: read,
    }
  },

  async prepare({ machines, params }, lab, tools) {
    const { network, bridge } = written.parse(params)
    const { taps } = nodeAccess(tools, 'nic-move')
    const found = await Promise.all(
      machines.map(async (machine) => {
        const index = nicIndex(machine, network, lab)
        const nic = await tools.nics.readNic(machine, index, tools.signal)
        if (nic.bridge === null) throw noBridge(machine, network)
        return [machine, { index, bridge: nic.bridge, node: await taps.nodeOf(machine, tools.signal) }] as const
      }),
    )
    const empty = bridge ?? `fdempty${await idOf(machines[0] ?? '', tools)}`
    return { machines, params: { ...params, empty, isOurs: bridge === undefined, nics: Object.fromEntries(found) } }
  },

  async begin({ machines, params }, tools) {
    const { empty, isOurs, nics } = prepared.parse(params)
    if (isOurs) await onNodes(nics, `ip link show ${empty} >/dev/null 2>&1 || { ${made(empty)}; }`, tools)
    return timed(tools, () => Promise.all(machines.map((machine) => move(machine, nics[machine], empty, tools))))
  },

  heal: ({ machines, params }, tools) =>
    timed(tools, async () => {
      const { empty, isOurs, nics } = prepared.parse(params)
      await Promise.all(machines.map((machine) => move(machine, nics[machine], nics[machine]?.bridge ?? '', tools)))
      if (isOurs) await onNodes(nics, removed(empty), tools)
    }),

  verifyBegun: (aim, tools) => forEach(aim.machines, (machine) => see(machine, aim, true, tools)),
  verifyHealed: (aim, tools) => forEach(aim.machines, (machine) => see(machine, aim, false, tools)),
  undoOnNode: ({ machines, params }, vmids) =>
    machines.flatMap((machine) => {
      const { empty, isOurs, nics } = prepared.parse(params)
      const { index = 0, bridge = '' } = nics[machine] ?? {}
      const [vmid, key] = [vmids[machine], `net${index}`]
      const back = `qm config ${vmid} | sed -n 's/^${key}: //p' | sed 's/bridge=[^,]*/bridge=${bridge}/'`
      return [
        { machine, command: `qm set ${vmid} --${key} "$(${back})"` },
        ...(isOurs ? [{ machine, command: removed(empty) }] : []),
      ]
    }),
}

const made = (bridge: string) => `ip link add ${bridge} type bridge mcast_snooping 0 && ip link set ${bridge} up`
/** Only one that nothing is plugged in to. */
const removed = (bridge: string) =>
  `if [ -e /sys/class/net/${bridge} ] && [ -z "$(ls /sys/class/net/${bridge}/brif)" ]; then ip link del ${bridge}; fi`

const noBridge = (machine: string, network: string) =>
  new HarnessError(`expected the NIC of ${machine} on ${network} to be on a bridge, it is on none`, {
    exitCode: exitCodes.unavailable,
  })

/** The machine's VMID, which no other bridge of ours has. */
async function idOf(machine: string, tools: FaultTools): Promise<string> {
  const tap = await nodeAccess(tools, 'nic-move').taps.tapOf(machine, 0, tools.signal)
  return /\d+/.exec(tap)?.[0] ?? ''
}

type Nics = z.output<typeof prepared>['nics']

async function onNodes(nics: Nics, command: string, tools: FaultTools): Promise<void> {
  const { shell } = nodeAccess(tools, 'nic-move')
  for (const node of new Set(Object.values(nics).map(({ node: at }) => at)))
    await shell.run(node, command, { signal: tools.signal })
}

async function move(machine: string, nic: Nics[string] | undefined, bridge: string, { nics, signal }: FaultTools) {
  if (nic === undefined) return
  const now = await nics.readNic(machine, nic.index, signal)
  if (now.bridge !== bridge) await nics.writeNic(machine, nic.index, { bridge }, signal)
}

/** What the hypervisor says, and what is plugged in to the empty bridge at the node. */
async function see(machine: string, { params }: Aim, isMoved: boolean, tools: FaultTools): Promise<Effect> {
  const { empty, nics } = prepared.parse(params)
  const { index = 0, node = '' } = nics[machine] ?? {}
  const { shell, taps } = nodeAccess(tools, 'nic-move')
  const { bridge } = await tools.nics.readNic(machine, index, tools.signal)
  const tap = await taps.tapOf(machine, index, tools.signal)
  const plugs = await shell.run(node, `ls /sys/class/net/${empty}/brif 2>/dev/null || :`, { signal: tools.signal })
  const mine = [tap, tap.replace(/^tap(\d+)i/, 'fwpr$1p')]
  const isIn = plugs.split('\n').some((plug) => mine.includes(plug.trim()))
  const evidence = `the hypervisor says bridge=${bridge ?? 'none'} for net${index} of ${machine}, which is ${isIn ? '' : 'not '}plugged in to ${empty}`
  return { proven: isIn === isMoved && (bridge === empty) === isMoved, evidence }
}
