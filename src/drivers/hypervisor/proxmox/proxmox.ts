import { z } from 'zod'
import { HarnessError } from '../../../model/failure.ts'
import type { Target } from '../../../model/target.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Hypervisor, PowerState, RequestInterval } from '../../../ports/hypervisor.ts'
import { connectTo } from './connection.ts'
import { parseReply } from './reply.ts'
import { type Request, requester } from './request.ts'
import { awaitTask } from './task.ts'
import { readToken } from './token.ts'
import { type OwnMachines, resolveVm } from './vm.ts'

const versionSchema = z.object({ version: z.string() })
const currentSchema = z.object({ status: z.enum(['running', 'stopped']) })

/** A hypervisor with connections to give back. */
export interface ProxmoxVe extends Hypervisor {
  close(): Promise<void>
}

/** Power and state of one lab's machines on a Proxmox VE node, embedded or real. Reads the token; connects with the first call. */
export async function connectProxmox(options: { target: Target; lab: OwnMachines; clock: Clock }): Promise<ProxmoxVe> {
  const { target, lab, clock } = options
  const connection = connectTo(target)
  const request = requester(connection, target.url, await readToken(target, process.env), clock)
  const pathOf = async (machine: string, signal: AbortSignal) =>
    `/nodes/${encodeURIComponent(target.node)}/qemu/${await resolveVm(request, target.node, lab, machine, signal)}/status`

  return {
    version: async (signal) => await versionOf(request, signal),
    powerState: async (machine, signal) => await powerStateOf(request, await pathOf(machine, signal), signal),
    stop: async (machine, signal) => await act(request, clock, `${await pathOf(machine, signal)}/stop`, signal),
    start: async (machine, signal) => await startOnce(request, clock, `${await pathOf(machine, signal)}/start`, signal),
    close: async () => await connection.destroy(),
  }
}

async function versionOf(request: Request, signal: AbortSignal): Promise<string> {
  const { data } = await request({ method: 'GET', path: '/version', signal })
  return `Proxmox VE ${parseReply(versionSchema, 'GET /version', data).version}`
}

async function powerStateOf(request: Request, path: string, signal: AbortSignal): Promise<PowerState> {
  const { data } = await request({ method: 'GET', path: `${path}/current`, signal })
  return parseReply(currentSchema, `GET ${path}/current`, data).status
}

async function act(request: Request, clock: Clock, path: string, signal: AbortSignal): Promise<RequestInterval> {
  const { data, sentMs, ackedMs } = await request({ method: 'POST', path, signal })
  await awaitTask(request, clock, `POST ${path}`, data, signal)
  return { sentMs, ackedMs }
}

/** Starting a VM that runs is a failed task; for whoever wants it running, it is what was asked for. */
async function startOnce(request: Request, clock: Clock, path: string, signal: AbortSignal): Promise<RequestInterval> {
  const sentMs = clock.nowMs()
  try {
    return await act(request, clock, path, signal)
  } catch (thrown) {
    if (!(thrown instanceof HarnessError && /VM \d+ already running/.test(thrown.message))) throw thrown
    return { sentMs, ackedMs: clock.nowMs() }
  }
}
