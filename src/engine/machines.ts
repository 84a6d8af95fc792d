import { HarnessError, exitCodes, reasonOf } from '../model/failure.ts'
import type { Drill } from './drill.ts'

const readyWithinMs = 120_000
const retryMs = 100

/** What starting machines takes; less than a whole drill. */
export type Boot = Pick<Drill, 'hypervisor' | 'versions' | 'clock'>

/** Starts every machine that is not running, and waits until each answers. Returns who they are. */
export async function startMachines(
  boot: Boot,
  machines: readonly string[],
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<{ version: string; machineVersions: Record<string, string> }> {
  const version = await boot.hypervisor.version(signal)
  progress(`${version}: starting ${machines.join(', ')}`)
  await Promise.all(machines.map((machine) => startMachine(boot, machine, signal)))
  const versions = await Promise.all(
    machines.map(async (machine) => [machine, await waitForVersion(boot, machine, signal)] as const),
  )
  return { version, machineVersions: Object.fromEntries(versions) }
}

async function startMachine({ hypervisor }: Boot, machine: string, signal: AbortSignal): Promise<void> {
  if ((await hypervisor.powerState(machine, signal)) === 'stopped') await hypervisor.start(machine, signal)
}

/** A machine is ready when it says what it runs; asking is the cheapest proof that its management path works. */
async function waitForVersion({ versions, clock }: Boot, machine: string, signal: AbortSignal): Promise<string> {
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
  const expected = `expected ${machine} to answer within ${readyWithinMs / 1000} s of its start`
  return new HarnessError(`${expected}, got: ${reasonOf(cause)}`, {
    exitCode: exitCodes.unavailable,
    hint: 'look at the console of the machine, and at the ssh entry of the target file',
    cause,
  })
}
