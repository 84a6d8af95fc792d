import type { Site } from '../../src/engine/provisioning/site.ts'

/** How long each step of a machine took, in ms, without what it waited for before it began. */
type StepTimes = Record<'disc' | 'clone' | 'configure' | 'start' | 'ready' | 'setUp', number>

/** Step times of a lab: what all machines share, and each machine's own. */
export interface Times {
  claim: number
  networks: number
  machines: Map<string, StepTimes>
}

/** The site with a stopwatch in every call. `machineOf` tells the machine of a VMID. */
export function timed(site: Site, machineOf: (vmid: number) => string): { site: Site; times: Times } {
  const times: Times = { claim: 0, networks: 0, machines: new Map() }
  return {
    times,
    site: { ...site, ...shared(site, times), ...ownSteps(site, times, machineOf), ...inside(site, times) },
  }
}

function shared({ pools, sdn }: Site, times: Times): Pick<Site, 'pools' | 'sdn'> {
  return {
    pools: { ...pools, createPool: (...given) => clock(pools.createPool(...given), (ms) => (times.claim += ms)) },
    sdn: { ...sdn, create: (...given) => clock(sdn.create(...given), (ms) => (times.networks += ms)) },
  }
}

function ownSteps({ isos, vms }: Site, times: Times, machineOf: (vmid: number) => string): Pick<Site, 'isos' | 'vms'> {
  const machineOfDisc = (fileName: string) => /-([^-]+)\.iso$/.exec(fileName)?.[1] ?? ''
  return {
    isos: {
      ...isos,
      upload: (...given) => step(times, machineOfDisc(given[1]), 'disc', isos.upload(...given)),
    },
    vms: {
      ...vms,
      clone: (clone, signal) => step(times, machineOf(clone.vmid), 'clone', vms.clone(clone, signal)),
      configure: (vmid, ...given) => step(times, machineOf(vmid), 'configure', vms.configure(vmid, ...given)),
    },
  }
}

/** Start, boot (from the reply until the machine is ready), and commands after that. */
function inside(site: Site, times: Times): Pick<Site, 'power' | 'openShell' | 'progress'> {
  const startedAt = new Map<string, number>()
  return {
    power: {
      async start(machine, signal) {
        const timing = await step(times, machine, 'start', site.power.start(machine, signal))
        startedAt.set(machine, performance.now())
        return timing
      },
    },
    openShell(access) {
      const shell = site.openShell(access)
      const run: typeof shell.run = (machine, ...given) => {
        const command = shell.run(machine, ...given)
        return stepsOf(times, machine).ready > 0 ? step(times, machine, 'setUp', command) : command
      }
      return { ...shell, run }
    },
    progress(text) {
      const machine = /^(\S+): ready$/.exec(text)?.[1]
      if (machine !== undefined) {
        stepsOf(times, machine).ready = performance.now() - (startedAt.get(machine) ?? 0)
      }
      site.progress(text)
    },
  }
}

function stepsOf({ machines }: Times, machine: string): StepTimes {
  const found = machines.get(machine) ?? { disc: 0, clone: 0, configure: 0, start: 0, ready: 0, setUp: 0 }
  machines.set(machine, found)
  return found
}

function step<T>(times: Times, machine: string, name: keyof StepTimes, job: Promise<T>): Promise<T> {
  return clock(job, (ms) => (stepsOf(times, machine)[name] += ms))
}

async function clock<T>(job: Promise<T>, add: (ms: number) => void): Promise<T> {
  const beganMs = performance.now()
  const result = await job
  add(performance.now() - beganMs)
  return result
}
