import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { HarnessError, exitCodes, reasonOf } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import type { RequestInterval } from '../ports/hypervisor.ts'
import { nicIndex, nodeAccess, timed, within } from './aimed.ts'
import type { Aim, Effect, FaultTools, NodeCommand } from './fault.ts'

/** The handle that marks a queueing discipline as ours; others are left as they are. */
const handle = 'fd1e:'
const word = z.string().regex(/^[\w.-]+$/)
const place = z.object({ machine: word, node: word, device: word, nudge: z.string() })

/** What the aim of a queueing discipline says once it is prepared. `discipline`: its words for `tc`. */
export const preparedQueue = z.object({
  discipline: z.string().regex(/^(netem|tbf) [\w %.]+$/),
  places: z.array(place).min(1),
})
type PreparedQueue = z.output<typeof preparedQueue>

/** Checks that the nodes' kernels have the discipline and that nobody else has put one on the taps. Throws with the module's name. */
export async function prepareQueue(aim: Aim, discipline: string, network: string, lab: Lab, tools: FaultTools) {
  const { shell, taps } = nodeAccess(tools, 'path-impair')
  const places: PreparedQueue['places'] = []
  for (const machine of aim.machines) {
    const index = nicIndex(machine, network, lab)
    const [device, node] = [await taps.tapOf(machine, index, tools.signal), await taps.nodeOf(machine, tools.signal)]
    const run = (command: string) => shell.run(node, command, { signal: tools.signal })
    const found = await run(`tc qdisc show dev ${device} root 2>/dev/null || :`)
    if (/^qdisc \S+ (?!0:)/m.test(found)) throw foreign(device, node, found)
    await run(trial(discipline)).catch((error: unknown) => {
      throw missing(discipline, node, error)
    })
    places.push({ machine, node, device, nudge: pings(`eth${index}`) })
  }
  return { discipline, places }
}

/** On a device of our own, which is gone at once. */
function trial(discipline: string): string {
  const name = `fd${randomBytes(4).toString('hex')}`
  const add = `tc qdisc add dev ${name} root handle ${handle} ${discipline}`
  return `ip link add ${name} type veth peer name ${name}p && { ${add}; code=$?; ip link del ${name}; exit $code; }`
}

function missing(discipline: string, node: string, cause: unknown): HarnessError {
  const kernelModule = `sch_${discipline.split(' ', 1)[0] ?? ''}`
  return new HarnessError(
    `expected the kernel of node ${node} to have ${kernelModule}, it has not (${reasonOf(cause)})`,
    {
      exitCode: exitCodes.unknown,
      hint: `modprobe ${kernelModule} on the node, where its kernel has it`,
      cause,
    },
  )
}

const foreign = (device: string, node: string, found: string) =>
  new HarnessError(`expected no queueing discipline on ${device} of ${node}, found "${found.trim()}"`, {
    exitCode: exitCodes.unavailable,
    hint: 'it is not ours and is left as it is',
  })

/** Makes every neighbour answer: what comes back goes through the queue. */
const pings = (device: string) =>
  `for a in $(ip -4 neigh show dev ${device} | awk '{ print $1 }'); do ping -n -q -c 60 -i 0.003 -s 1400 -W 1 "$a" & done; wait`

const add = ({ device }: PreparedQueue['places'][number], discipline: string) =>
  `tc qdisc replace dev ${device} root handle ${handle} ${discipline}`

const remove = (device: string) =>
  `if tc qdisc show dev ${device} root 2>/dev/null | grep -q ' ${handle} root'; then tc qdisc del dev ${device} root; fi`

/** Puts the discipline on every tap. */
export const beginQueue = (ready: PreparedQueue, tools: FaultTools): Promise<RequestInterval> =>
  everywhere(ready, tools, (one) => add(one, ready.discipline))

/** Takes our discipline off every tap, and no other. */
export const healQueue = (ready: PreparedQueue, tools: FaultTools): Promise<RequestInterval> =>
  everywhere(ready, tools, ({ device }) => remove(device))

const everywhere = (
  { places }: PreparedQueue,
  tools: FaultTools,
  say: (place: PreparedQueue['places'][number]) => string,
): Promise<RequestInterval> =>
  timed(tools, async () => {
    const { shell } = nodeAccess(tools, 'path-impair')
    for (const one of places) await shell.run(one.node, say(one), { signal: tools.signal })
  })

const seenWithinMs = 8000

/** Waits until packets have gone through every queue; where it limits, until it has held one back. */
export async function seeQueue(ready: PreparedQueue, tools: FaultTools): Promise<Effect> {
  const untilMs = tools.clock.nowMs() + seenWithinMs
  for (;;) {
    await Promise.all(
      ready.places.map(({ machine, nudge }) =>
        tools.shell.run(machine, nudge, { signal: within(4000, tools.signal) }).catch(() => null),
      ),
    )
    const said = await statistics(ready, tools)
    const proven = said.every((text) => text.includes(handle) && hasWorked(text, ready.discipline))
    if (proven || tools.clock.nowMs() > untilMs) return { proven, evidence: said.map(brief).join('; ') }
    await tools.clock.sleep(100, tools.signal)
  }
}

const hasWorked = (text: string, discipline: string): boolean =>
  discipline.startsWith('tbf') ? /overlimits [1-9]/.test(text) : /\b[1-9]\d* pkt/.test(text)

const brief = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').slice(0, 160)

/** Whether nothing of ours is left. */
export async function seeNoQueue(ready: PreparedQueue, tools: FaultTools): Promise<Effect> {
  const said = await statistics(ready, tools)
  const left = ready.places.filter((_, index) => said[index]?.includes(handle))
  const names = (left.length > 0 ? left : ready.places).map(({ device }) => device).join(' and ')
  return {
    proven: left.length === 0,
    evidence: `${names} ${left.length > 0 ? 'still has' : 'no longer has'} our queue`,
  }
}

const statistics = ({ places }: PreparedQueue, tools: FaultTools): Promise<string[]> => {
  const { shell } = nodeAccess(tools, 'path-impair')
  return Promise.all(
    places.map(({ node, device }) => shell.run(node, `tc -s qdisc show dev ${device} root`, { signal: tools.signal })),
  )
}

/** The undo for the nodes' shells. */
export const queueUndo = ({ places }: PreparedQueue): NodeCommand[] =>
  places.map(({ machine, device }) => ({ machine, command: remove(device) }))
