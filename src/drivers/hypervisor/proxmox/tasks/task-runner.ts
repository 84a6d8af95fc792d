import type { z } from 'zod'
import { HarnessError, reasonOf } from '../../../../model/failure.ts'
import type { RequestInterval } from '../../../../ports/hypervisor.ts'
import type { Api, Reply } from '../transport/api.ts'
import type { Upload } from '../transport/encoding.ts'
import type { Endpoint } from '../transport/endpoint.ts'
import { failure, isKind } from '../transport/error.ts'
import { type SoughtTask, findLostTask } from './lost-task.ts'
import { readUpid } from './upid.ts'
import { awaitTask } from './verdict.ts'

interface Addressed {
  node?: string
  vmid?: number
}

interface Options {
  upload?: Upload
  limitMs?: number
}

/** Calls that start a task, from the request to the task's end. */
export interface TaskRunner {
  /** Starts it, surely but once: after a lost reply the task is searched for before the call is repeated, at most once. */
  begin<P extends z.ZodObject>(
    endpoint: Endpoint<P, string>,
    parameters: z.input<P> & Addressed,
    signal: AbortSignal,
    upload?: Upload,
  ): Promise<Reply<string>>
  run<P extends z.ZodObject>(
    endpoint: Endpoint<P, string>,
    parameters: z.input<P> & Addressed,
    signal: AbortSignal,
    options?: Options,
  ): Promise<RequestInterval>
  /** Waits for a task that has begun. */
  finish(call: string, upid: string, limitMs: number, signal: AbortSignal): Promise<void>
}

const limitMs = 180_000

export function taskRunnerOf(api: Api): TaskRunner {
  const known = new Set<string>()
  const begin: TaskRunner['begin'] = async (endpoint, parameters, signal, upload) => {
    const sought = soughtBy(api, endpoint, parameters)
    const send = () => api.call(endpoint, parameters, signal, upload)
    const started = await surely(api, send, sought, known, signal)
    known.add(started.data)
    return started
  }
  const finish: TaskRunner['finish'] = (call, upid, limit, signal) => awaitTask(api, call, upid, limit, signal)
  return {
    begin,
    finish,
    async run(endpoint, parameters, signal, options = {}) {
      const { data, sentMs, ackedMs } = await begin(endpoint, parameters, signal, options.upload)
      const call = callName(endpoint, parameters)
      await finish(call, data, options.limitMs ?? limitMs, signal)
      refuseHa(call, data)
      return { sentMs, ackedMs }
    },
  }
}

async function surely(
  api: Api,
  send: () => Promise<Reply<string>>,
  sought: SoughtTask,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Reply<string>> {
  const { clock } = api
  const sentMs = clock.nowMs()
  const find = async (lost: HarnessError): Promise<Reply<string> | null> => {
    const data = await findLostTask(api, sought, known, signal).catch((cause: unknown) => {
      throw signal.aborted ? cause : unresolved(lost, cause)
    })
    return data === null ? null : { data, sentMs, ackedMs: clock.nowMs() }
  }
  const lost = await send().catch(lostReply)
  if (!(lost instanceof HarnessError)) return lost
  const found = await find(lost)
  if (found !== null) return found
  try {
    // The first request may still have done it, so the interval begins with that one.
    return { ...(await send()), sentMs }
  } catch (thrown) {
    // What refuses the second may be the work of the first.
    const late = signal.aborted ? null : await find(lost)
    if (late !== null) return late
    throw thrown
  }
}

function lostReply(thrown: unknown): HarnessError {
  if (isKind(thrown, 'lost-reply')) return thrown
  throw thrown
}

const unresolved = (lost: HarnessError, cause: unknown) =>
  failure(
    `${lost.message}; whether it happened could not be found out: ${reasonOf(cause)}`,
    { kind: 'lost-reply', hint: 'look at the task list of the node before anything is repeated' },
    cause,
  )

function soughtBy(api: Api, endpoint: Endpoint, { node, vmid }: Addressed): SoughtTask {
  const sinceS = api.serverNowS() ?? Date.now() / 1000 - 60
  return { types: endpoint.task ?? [], node: node ?? null, vmid: vmid ?? null, sinceS }
}

/** Of a VM under high availability the task is only a wish; the VM has not moved when it ends. */
function refuseHa(call: string, upid: string): void {
  if (!readUpid(upid).type.startsWith('ha')) return
  throw failure(`${call}: the VM is managed by HA, which does it later or not at all`, {
    kind: 'ha-managed',
    hint: 'take the VM out of HA (`ha-manager remove`), or set its state to ignored',
  })
}

const callName = (endpoint: Endpoint, { vmid, node }: Addressed) =>
  `${endpoint.method} ${endpoint.path.replace('{node}', node ?? '').replace('{vmid}', String(vmid ?? ''))}`
