import { reasonOf } from '../model/failure.ts'
import { within } from './aimed.ts'
import type { Effect, FaultTools } from './fault.ts'

const answerWithinMs = 2000
const pollMs = 200

/** What a machine says of its present start; another one after each boot. FreeBSD's words on a firewall, Linux's elsewhere. */
export function bootMark(machine: string, { shell, firewalls, signal }: FaultTools): Promise<string> {
  const linux = "cat /proc/sys/kernel/random/boot_id; cut -d' ' -f22 /proc/1/stat"
  const command = firewalls.includes(machine) ? 'sysctl -n kern.boottime' : linux
  return shell.run(machine, command, { signal: within(answerWithinMs, signal) }).then((said) => said.trim())
}

/** Whether a machine is silent, as seen from its shell; asked until it is, or time is up. */
export async function seeSilence(machine: string, tools: FaultTools, withinMs = 5000): Promise<Effect> {
  const untilMs = tools.clock.nowMs() + withinMs
  for (;;) {
    const silent = await bootMark(machine, tools).then(
      () => null,
      (error: unknown) => reasonOf(error),
    )
    if (silent !== null) return { proven: true, evidence: `${machine} answers no more (${silent})` }
    if (tools.clock.nowMs() > untilMs) return { proven: false, evidence: `${machine} still answers` }
    await tools.clock.sleep(pollMs, tools.signal)
  }
}

/** Whether a machine has gone down since it said `before`: it is silent, or says that it started anew. */
export async function seeRestart(
  machine: string,
  before: string,
  tools: FaultTools,
  withinMs = 60_000,
): Promise<Effect> {
  const untilMs = tools.clock.nowMs() + withinMs
  for (;;) {
    const said = await bootMark(machine, tools).catch((error: unknown) => ({ silent: reasonOf(error) }))
    if (typeof said !== 'string') return { proven: true, evidence: `${machine} answers no more (${said.silent})` }
    if (said !== before) return { proven: true, evidence: `${machine} has started anew: ${said}` }
    if (tools.clock.nowMs() > untilMs)
      return { proven: false, evidence: `${machine} answers as before and has not started anew: ${said}` }
    await tools.clock.sleep(pollMs, tools.signal)
  }
}
