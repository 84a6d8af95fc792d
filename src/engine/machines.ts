import { HarnessError, exitCodes, reasonOf } from '../model/failure.ts'
import type { Drill } from './drill.ts'

const readyWithinMs = 120_000
const retryMs = 100

/** Starts every machine that is not running, waits until each answers, and records who they are. */
export async function startMachines(drill: Drill, signal: AbortSignal): Promise<void> {
  const { hypervisor, recorder, plan } = drill
  const version = await hypervisor.version(signal)
  recorder.record({ type: 'progress', text: `${version}: starting ${plan.machines.join(', ')}` })
  await Promise.all(plan.machines.map((machine) => startMachine(drill, machine, signal)))
  const versions = await Promise.all(plan.machines.map(async (machine) => [machine, await waitForVersion(drill, machine, signal)]))
  recorder.record({ type: 'versions', hypervisor: version, machines: Object.fromEntries(versions) })
}

async function startMachine({ hypervisor }: Drill, machine: string, signal: AbortSignal): Promise<void> {
  if ((await hypervisor.powerState(machine, signal)) === 'stopped') await hypervisor.start(machine, signal)
}

/** A machine is ready when it says what it runs; asking is the cheapest proof that its management path works. */
async function waitForVersion({ versions, clock }: Drill, machine: string, signal: AbortSignal): Promise<string> {
  const deadlineMs = clock.nowMs() + readyWithinMs
  for (;;) {
    const answer = await versions.version(machine, signal).then(
      (version) => ({ version }),
      (error: unknown) => ({ error }),
    )
    signal.throwIfAborted()
    if ('version' in answer) return answer.version
    if (clock.nowMs() > deadlineMs) throw notReady(machine, answer.error)
    await clock.sleep(retryMs, signal)
  }
}

function notReady(machine: string, cause: unknown): HarnessError {
  return new HarnessError(`expected ${machine} to answer within ${readyWithinMs / 1000} s of its start, got ${reasonOf(cause)}`, {
    exitCode: exitCodes.unavailable,
    hint: 'look at the console of the machine, and at the ssh entry of the target file',
    cause,
  })
}
