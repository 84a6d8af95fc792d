import { execInGuest, pingAgent, readExecStatus, readInterfaces } from '../endpoints/agent.ts'
import type { GuestAgent } from '../../../../ports/provisioning.ts'
import { failure, isKind } from '../transport/error.ts'
import type { Vms } from '../vms.ts'

const pollMs = 250
const execLimitMs = 120_000
const signalBase = 128

/** The agent in the guest of a VM. */
export function guestAgentOf(vms: Vms): GuestAgent {
  return {
    ping: async (vmid, signal) => await ping(vms, vmid, signal),
    addresses: async (vmid, signal) => await addresses(vms, vmid, signal),
    exec: async (vmid, command, signal) =>
      await vms.at(vmid, (node) => exec(vms, { node, vmid }, command, signal), signal),
  }
}

async function ping(vms: Vms, vmid: number, signal: AbortSignal): Promise<boolean> {
  try {
    await vms.at(vmid, (node) => vms.api.call(pingAgent, { node, vmid }, signal), signal)
    return true
  } catch (thrown) {
    if (isKind(thrown, 'agent-missing', 'not-running', 'hypervisor-silent')) return false
    throw thrown
  }
}

async function addresses(vms: Vms, vmid: number, signal: AbortSignal) {
  const { data } = await vms.at(vmid, (node) => vms.api.call(readInterfaces, { node, vmid }, signal), signal)
  return data.result.flatMap((nic) => {
    const mac = nic['hardware-address']
    const ipv4 = (nic['ip-addresses'] ?? []).filter((address) => address['ip-address-type'] === 'ipv4')
    return mac === undefined ? [] : [{ mac, ipv4: ipv4.map((address) => address['ip-address']) }]
  })
}

interface Vm {
  node: string
  vmid: number
}

async function exec({ api }: Vms, vm: Vm, command: string[], signal: AbortSignal) {
  const { pid } = (await api.call(execInGuest, { ...vm, command }, signal)).data
  const started = api.clock.nowMs()
  while (api.clock.nowMs() - started < execLimitMs) {
    const { data } = await api.call(readExecStatus, { ...vm, pid }, signal)
    if (data.exited) {
      const exitCode = data.exitcode ?? signalBase + (data.signal ?? 0)
      return { exitCode, stdout: data['out-data'] ?? '', stderr: data['err-data'] ?? '' }
    }
    await api.clock.sleep(pollMs, signal)
  }
  throw failure(`the command in VM ${vm.vmid} had not ended after ${execLimitMs / 1000} s`, {
    hint: 'it goes on in the guest',
  })
}
