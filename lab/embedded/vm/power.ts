import { setTimeout as sleep } from 'node:timers/promises'
import { assertQuorum, hardwareOf, type Cluster } from '../cluster.ts'
import type { Nic } from '../node/nic.ts'
import { applyPending } from './pending.ts'
import { nicsOf } from './nic-string.ts'
import { hasAgent, startMedia } from './start-media.ts'
import { assertNotLocked, hasFlag, nameOf, type Running, type Vm } from './vm.ts'

/** Starts a VM with its pending configuration. The caller holds its lock. */
export async function start(cluster: Cluster, vm: Vm): Promise<void> {
  assertNotLocked(vm)
  if (hasFlag(vm, 'template')) throw new Error(`you can't start a vm if it's a template`)
  if (vm.running) throw new Error(`VM ${vm.vmid} already running`)
  assertQuorum(cluster)
  applyPending(vm)
  const machine = await bootMachine(cluster, vm)
  const running: Running = {
    machine,
    pid: machine.pid,
    startedAtMs: machine.startedAtMs,
    isPaused: false,
    hasAgent: hasAgent(vm),
    detached: new Set(),
    agentCalls: new Map(),
  }
  vm.running = running
  followEnd(cluster, vm, running)
}

/** Cuts the power. Nothing happens to a stopped VM. The caller holds its lock. */
export async function stop(vm: Vm): Promise<void> {
  const { running } = vm
  if (!running) return
  delete vm.running
  await running.machine.cut()
}

/** Another machine takes the place of the running one, as after a press on the reset button. The caller holds its lock. */
export async function reset(cluster: Cluster, vm: Vm): Promise<void> {
  assertNotLocked(vm)
  const { running } = vm
  if (!running) throw new Error(`VM ${vm.vmid} not running`)
  const { machine } = running
  // Whoever waits for its end learns of the machine that follows, not of this one.
  running.machine = { ...machine, ended: new Promise(() => {}) }
  await machine.cut()
  running.machine = await bootMachine(cluster, vm).catch((error: unknown) => {
    delete vm.running
    throw error
  })
  running.isPaused = false
  running.agentCalls.clear()
  followEnd(cluster, vm, running)
}

/** Stops all processes of the machine and its traffic; resume undoes it. */
export async function suspend(vm: Vm): Promise<void> {
  assertNotLocked(vm)
  const running = runningOf(vm)
  if (running.isPaused) return
  await running.machine.freeze()
  running.isPaused = true
}

/** Lets a suspended machine go on; nothing happens to one that runs. */
export async function resume(vm: Vm): Promise<void> {
  const running = runningOf(vm)
  if (!running.isPaused) return
  await running.machine.thaw()
  running.isPaused = false
}

/** How a shutdown is asked for. */
export type Shutdown = { timeoutMs: number; force: boolean }

/** Asks the guest to power off and waits for it. The caller holds its lock all the while. */
export async function shutdown(vm: Vm, { timeoutMs, force }: Shutdown): Promise<void> {
  const { running } = vm
  if (!running) return
  assertNotLocked(vm)
  const overruled = new AbortController()
  vm.shutdowns.add(overruled)
  try {
    running.machine.pressButton()
    const isOff = await Promise.race([
      running.machine.ended.then(() => true),
      sleep(timeoutMs, false, { signal: overruled.signal, ref: false }),
    ])
    if (isOff) return
    if (!force) throw new Error('VM quit/powerdown failed - got timeout')
    await stop(vm)
  } catch (error) {
    throw overruled.signal.aborted ? new Error('received interrupt') : error
  } finally {
    vm.shutdowns.delete(overruled)
  }
}

/** The running VM, or Proxmox VE's refusal. */
export function runningOf(vm: Vm): Running {
  if (!vm.running) throw new Error(`VM ${vm.vmid} not running`)
  return vm.running
}

/** The bridge that a NIC leads to: on a plain bridge each VLAN tag has one of its own. */
export function segmentOf({ bridge = '', tag }: { bridge?: string; tag?: number }): string {
  return tag === undefined ? bridge : `${bridge}v${tag}`
}

/** The NIC as the node plugs it. */
export function plugOf(
  vm: Vm,
  index: number,
  nic: ReturnType<typeof nicsOf> extends Map<number, infer N> ? N : never,
): Nic {
  return {
    index,
    guestName: `${vm.nicPrefix}${index}`,
    mac: nic.mac.toLowerCase(),
    bridge: segmentOf(nic),
    firewall: nic.firewall === true,
    linkDown: nic.linkDown === true,
    ...(nic.mtu !== undefined && nic.mtu > 1 && { mtu: nic.mtu }),
  }
}

async function bootMachine(cluster: Cluster, vm: Vm): Promise<Running['machine']> {
  const hardware = hardwareOf(cluster, vm)
  const nics = [...nicsOf(vm.config)].filter(([, nic]) => nic.bridge !== undefined)
  for (const [, nic] of nics) await assertBridge(cluster, vm, nic)
  if (!vm.hasHostKey) {
    const { privateKey, publicKey } = cluster.hostKeyOf(nameOf(vm))
    await hardware.writeFiles(vm.vmid, {
      '/etc/ssh/ssh_host_ed25519_key': { content: privateKey, mode: 0o600 },
      '/etc/ssh/ssh_host_ed25519_key.pub': { content: `${publicKey}\n` },
      ...bornWith(cluster.defectsOf(nameOf(vm))),
    })
    vm.hasHostKey = true
  }
  const media = await startMedia(hardware, vm)
  const hostName = vm.hostName ?? nameOf(vm)
  const spec = { vmid: vm.vmid, hostName, nics: nics.map(([index, nic]) => plugOf(vm, index, nic)) }
  return hardware.boot(spec, media)
}

// Where the firewall image looks for its defects; a sound machine has no such file.
function bornWith(defects: readonly string[]): Record<string, { content: string }> {
  return defects.length === 0 ? {} : { '/conf/defects.json': { content: `${JSON.stringify(defects)}\n` } }
}

/** Refuses a bridge that the node does not have; one for a tag of a plain bridge is made. */
export async function assertBridge(cluster: Cluster, vm: Vm, nic: { bridge?: string; tag?: number }): Promise<void> {
  const hardware = hardwareOf(cluster, vm)
  const { bridge = '' } = nic
  if (!(await hardware.hasBridge(bridge))) throw new Error(`bridge '${bridge}' does not exist`)
  const segment = segmentOf(nic)
  if (segment === bridge || (await hardware.hasBridge(segment))) return
  await hardware.run(`ip link add ${segment} type bridge mcast_snooping 0 && ip link set ${segment} up`)
}

function followEnd(cluster: Cluster, vm: Vm, running: Running): void {
  const { machine } = running
  const follow = async (wantsReset: boolean): Promise<void> => {
    if (vm.running !== running || running.machine !== machine) return
    if (wantsReset && vm.shutdowns.size === 0) await startAgain(cluster, vm, running)
    else delete vm.running
  }
  void machine.ended.then(follow)
}

// The guest has rebooted itself: the VM goes on with the same process of the hypervisor, as after a reset.
async function startAgain(cluster: Cluster, vm: Vm, running: Running): Promise<void> {
  const machine = await bootMachine(cluster, vm).catch(() => undefined)
  if (vm.running !== running) return machine?.cut()
  if (machine === undefined) return void delete vm.running
  running.machine = machine
  running.isPaused = false
  running.agentCalls.clear()
  followEnd(cluster, vm, running)
}
