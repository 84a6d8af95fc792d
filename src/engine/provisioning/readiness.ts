import { HarnessError, exitCodes, reasonOf } from '../../model/failure.ts'
import type { SshAccess } from '../../model/target.ts'
import type { MachineStep } from '../../plan/provisioning/step.ts'
import type { Shell } from '../../ports/shell.ts'
import type { Site } from './site.ts'

const readyWithinMs = 300_000
const pollMs = 100
const slowestPollMs = 2000

type ReadyStep = Extract<MachineStep, { kind: 'ready' }>

/** How a machine is reached once it has booted: asked of its guest agent where nobody knows it before. `keyFiles`: where its host key may be, the first that is there counts. */
export async function locate(
  site: Site,
  { machine, vmid, managementMac, managementAddress }: ReadyStep,
  how: { keyFiles: readonly string[]; via: 'node' | undefined },
  signal: AbortSignal,
): Promise<SshAccess> {
  const host = await until(site, `an address of ${machine} on the management network`, signal, async () => {
    if (!(await site.agent.ping(vmid, signal))) throw new Error('the guest agent does not answer')
    if (managementAddress !== null) return managementAddress
    const nics = await site.agent.addresses(vmid, signal)
    const found = nics.find(({ mac }) => mac.toUpperCase() === managementMac)?.ipv4[0]
    if (found === undefined) throw new Error(`the guest agent knows no address of ${managementMac ?? 'any NIC'}`)
    return found
  })
  const hostKey = await until(site, `the SSH host key of ${machine}`, signal, async () => {
    const { exitCode, stdout, stderr } = await site.agent.exec(vmid, ['sh', '-c', firstOf(how.keyFiles)], signal)
    if (exitCode !== 0) throw new Error(stderr.trim() || `its agent read it with exit code ${exitCode}`)
    return stdout.trim().split(/\s+/).slice(0, 2).join(' ')
  })
  return { host, port: 22, user: 'root', hostKey, ...(how.via === undefined ? {} : { via: how.via }) }
}

const firstOf = (files: readonly string[]): string => files.map((file) => `cat ${file}`).join(' || ')

/** Resolves when the machine carries out commands over SSH. */
export async function awaitSsh(site: Site, shell: Shell, machine: string, signal: AbortSignal): Promise<void> {
  await until(site, `${machine} to answer over SSH`, signal, () => shell.run(machine, 'true', { signal }))
}

/** Asks again, ever more slowly, until there is an answer. */
async function until<T>(site: Site, what: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const deadlineMs = site.clock.nowMs() + readyWithinMs
  for (let pauseMs = pollMs; ; pauseMs = Math.min(pauseMs * 1.5, slowestPollMs)) {
    try {
      return await ask()
    } catch (error) {
      signal.throwIfAborted()
      if (site.clock.nowMs() > deadlineMs) throw notReady(what, error)
    }
    await site.clock.sleep(pauseMs, signal)
  }
}

function notReady(what: string, cause: unknown): HarnessError {
  return new HarnessError(`expected ${what} within ${readyWithinMs / 1000} s, got: ${reasonOf(cause)}`, {
    exitCode: exitCodes.unavailable,
    hint: 'look at the console of the machine; does its template have the guest agent, and does the management network lease addresses?',
    cause,
  })
}
