import { labSchema } from '../model/lab.ts'
import type { Aim, Fault, FaultTools } from './fault.ts'
import { faults } from './index.ts'

const nics = (host: number) => ({ wan: `10.101.0.${host}/24`, lan: `10.102.0.${host}/24`, sync: `10.103.0.${host}/24` })

/** A pair, its provider, a client and a name server. */
export const site = labSchema.parse({
  lab: 'site',
  networks: {
    wan: { vlan: 101, subnet: '10.101.0.0/24' },
    lan: { vlan: 102, subnet: '10.102.0.0/24' },
    sync: { vlan: 103, subnet: '10.103.0.0/24' },
  },
  machines: {
    fw1: { image: 'opnsense-25.7', nics: nics(2) },
    fw2: { image: 'opnsense-25.7', nics: nics(3) },
    isp: { image: 'fake-isp', nics: { wan: '10.101.0.254/24' } },
    client: { image: 'client', nics: { lan: '10.102.0.50/24' } },
  },
  pair: {
    primary: 'fw1',
    secondary: 'fw2',
    stateSync: { network: 'sync' },
    vips: [{ network: 'lan', vhid: 1, address: '10.102.0.1/24', skew: {}, password: 'x' }],
  },
})

/** What a shell answers; a machine or a node by its name. */
export type Answer = (where: string, command: string, input: string) => string

const none = () => Promise.reject(new Error('not asked here'))

/** Tools over a scripted shell, in a time that only waiting moves. */
export function toolsOver(answer: Answer, more: Partial<FaultTools> = {}): FaultTools {
  let nowMs = 0
  const run: FaultTools['shell']['run'] = async (where, command, { input = '' }) => {
    await Promise.resolve()
    return answer(where, command, input)
  }
  const numbers: Record<string, number> = { fw1: 9101, fw2: 9102, isp: 9100, client: 9103 }
  const shell = { run, spawn: none, close: () => Promise.resolve() }
  return {
    hypervisor: { version: none, powerState: none, stop: none, start: none },
    nics: { readNic: none, writeNic: none },
    haReader: { read: none },
    firewall: () => ({ haReader: { read: none } }),
    shell: { run },
    node: {
      name: 'pve1',
      others: [],
      shell,
      taps: {
        tapOf: (machine, index) => Promise.resolve(`tap${numbers[machine]}i${index}`),
        nodeOf: () => Promise.resolve('pve1'),
      },
    },
    clock: { nowMs: () => nowMs, sleep: (ms) => Promise.resolve(void (nowMs += ms)) },
    firewalls: ['fw1', 'fw2'],
    signal: new AbortController().signal,
    ...more,
  }
}

/** Prepares a fault, begins it unless told otherwise, looks, heals it twice from what a journal keeps, and looks again. */
export async function play(kind: string, params: Record<string, unknown>, tools: FaultTools, begins = true) {
  const fault: Fault | undefined = faults[kind]
  if (fault === undefined) throw new Error(`no fault ${kind}`)
  const { on, from, to } = params
  const machines = (from === undefined ? [on].flat() : [from, to]).map(String)
  const aim: Aim = { machines, params: fault.params.parse(params) }
  const ready = (await fault.prepare?.(aim, site, tools)) ?? aim
  if (begins) await fault.begin(ready, tools)
  const begun = await fault.verifyBegun(ready, tools)
  const kept: Aim = structuredClone(ready)
  for (const _ of [1, 2]) await fault.heal(kept, tools)
  const healed = await fault.verifyHealed(kept, tools)
  const undo = fault.undoOnNode?.(kept, { fw1: 9101, fw2: 9102, isp: 9100 }) ?? []
  return { begun: begun.proven, healed: healed.proven, undo: undo.map(({ command }) => command), ready }
}
