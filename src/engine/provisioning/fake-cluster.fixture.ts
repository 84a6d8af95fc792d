import { HarnessError, exitCodes } from '../../model/failure.ts'
import type { RefusalKind } from '../../ports/hypervisor.ts'
import { vmNameOf } from '../../plan/provisioning/names.ts'
import { addVm, clusterState } from './cluster-state.fixture.ts'
import type { ClusterState } from './cluster-state.fixture.ts'
import { instantClock } from './instant-clock.fixture.ts'
import type { Access, Site } from './site.ts'

/** When a call fails: before or after its effect; `dead`: every later call fails too, as for a process that was killed. */
interface Failure {
  atCall: number
  effect: 'before' | 'after'
  dead: boolean
  kind?: RefusalKind
}

export interface FakeCluster {
  state: ClusterState
  /** Changing calls so far, by name. */
  calls: string[]
  /** Calls that ran at the same time at most, by name. */
  most: Record<string, number>
  progress: string[]
  /** Commands that machines were given over SSH. */
  commands: string[]
  health: { quorate: boolean; online: boolean }
  /** What the token may do, everywhere. */
  rights: string[]
  /** What the next site meets; null: nothing. */
  failure: Failure | null
  /** Lets calls wait a random or fixed number of turns, so that they interleave. */
  pause: () => Promise<void>
  /** The cluster as the provisioning of `label` sees it. */
  site(label: string): Site
}

const words = [
  'VM Allocate Audit Clone PowerMgmt',
  'VM.Config CDROM Cloudinit Network Options',
  'VM.GuestAgent Audit Unrestricted',
  'Datastore Allocate AllocateSpace AllocateTemplate Audit',
  'SDN Allocate Audit Use',
  'Pool Allocate Audit',
  'Sys Audit',
].map((text) => text.split(' '))

export function fakeCluster(): FakeCluster {
  const state = clusterState()
  const cluster: FakeCluster = {
    state,
    calls: [],
    most: {},
    progress: [],
    commands: [],
    health: { quorate: true, online: true },
    rights: words.flatMap(([of = '', ...names]) => names.map((name) => `${of}.${name}`)),
    failure: null,
    pause: () => Promise.resolve(),
    site: (label) => siteOf(cluster, label),
  }
  return cluster
}

function siteOf(cluster: FakeCluster, label: string): Site {
  const { state } = cluster
  const running: Record<string, number> = {}
  let dead = false
  const change = async <T>(name: string, effect: () => T): Promise<T> => {
    if (dead) throw new Error('the process is dead')
    const number = cluster.calls.push(name)
    running[name] = (running[name] ?? 0) + 1
    cluster.most[name] = Math.max(cluster.most[name] ?? 0, running[name] ?? 0)
    const failure = cluster.failure?.atCall === number ? cluster.failure : null
    try {
      await cluster.pause()
      if (failure?.effect === 'before') throw failed(name, failure)
      const result = effect()
      await cluster.pause()
      if (failure !== null) throw failed(name, failure)
      return result
    } finally {
      running[name] = (running[name] ?? 1) - 1
      if (failure?.dead === true) dead = true
    }
  }
  const read = async <T>(answer: () => T): Promise<T> => {
    await cluster.pause()
    if (dead) throw new Error('the process is dead')
    return answer()
  }
  const vmOf = (vmid: number) => {
    const vm = state.vms.get(vmid)
    if (vm === undefined) throw refused(`VM ${vmid} does not exist`, 'vm-missing')
    return vm
  }
  return {
    vms: {
      list: () => read(() => [...state.vms.values()].map((vm) => ({ ...vm }))),
      // It joins its pool when it is whole.
      clone: async ({ vmid, name, pool, node = 'pve1' }) => {
        await change('clone', () => {
          if (state.vms.has(vmid)) throw refused(`VM ${vmid} already exists`, 'vmid-taken')
          if (!state.pools.has(pool)) throw refused(`pool ${pool} does not exist`, 'pool-missing')
          addVm(state, vmid, name, { node, tags: ['firedrill-template'] })
        })
        vmOf(vmid).pool = pool
      },
      create: () => Promise.reject(new Error('not needed')),
      configuration: (vmid) => read(() => vmOf(vmid).settings),
      configure: (vmid, settings) =>
        change('configure', () => {
          const missing = Object.values(settings)
            .flatMap((value) => /bridge=(fd\d+)/.exec(value)?.[1] ?? [])
            .find((vnet) => !state.vnets.has(vnet))
          if (missing !== undefined) throw refused(`bridge ${missing} does not exist`, 'bridge-missing')
          const vm = vmOf(vmid)
          Object.assign(vm.settings, settings)
          vm.tags = settings['tags']?.split(';') ?? vm.tags
        }),
      destroy: (vmid) => change('destroy', () => void state.vms.delete(vmid)),
    },
    pools: {
      pool: (id) =>
        read(() => {
          const comment = state.pools.get(id)
          const vmids = [...state.vms.values()].filter(({ pool }) => pool === id).map(({ vmid }) => vmid)
          return comment === undefined ? null : { comment, vmids }
        }),
      pools: () => read(() => [...state.pools].map(([id, comment]) => ({ id, comment }))),
      createPool: (id, comment) =>
        change('createPool', () => {
          if (state.pools.has(id)) throw refused(`pool ${id} already exists`, 'pool-taken')
          state.pools.set(id, comment)
        }),
      removePool: (id) =>
        change('removePool', () => {
          if ([...state.vms.values()].some(({ pool }) => pool === id)) throw refused(`pool ${id} is not empty`)
          state.pools.delete(id)
        }),
    },
    sdn: {
      zones: () => read(() => [...state.zones.values()]),
      vnets: () => read(() => [...state.vnets.values()]),
      create: ({ zone, vnets }) =>
        change('createNetworks', () => {
          if (state.zones.has(zone.zone)) throw refused(`zone ${zone.zone} already exists`)
          state.zones.set(zone.zone, zone)
          for (const vnet of vnets) state.vnets.set(vnet.vnet, vnet)
        }),
      remove: ({ zone, vnets }) =>
        change('removeNetworks', () => {
          for (const vnet of vnets) state.vnets.delete(vnet)
          if ([...state.vnets.values()].some((vnet) => vnet.zone === zone)) throw refused(`zone ${zone} is used`)
          state.zones.delete(zone)
        }),
    },
    isos: {
      upload: (storage, fileName) =>
        change('upload', () => {
          state.volumes.add(`${storage}:iso/${fileName}`)
          return `${storage}:iso/${fileName}`
        }),
      volumes: () => read(() => [...state.volumes]),
      removeVolume: (volume) => change('removeVolume', () => void state.volumes.delete(volume)),
    },
    agent: {
      ping: () => read(() => true),
      addresses: (vmid) =>
        read(() => {
          const nics = Object.entries(vmOf(vmid).settings).filter(([key]) => key.startsWith('net'))
          const macs = nics.map(([, value]) => /virtio=([^,]+)/.exec(value)?.[1] ?? '')
          return macs.map((mac, index) => ({ mac: mac.toLowerCase(), ipv4: [`192.0.2.${(vmid % 100) + index * 100}`] }))
        }),
      exec: (vmid) => read(() => ({ exitCode: 0, stdout: `ssh-ed25519 KEY${vmid} root@${vmid}\n`, stderr: '' })),
    },
    privileges: { permissions: () => read(() => ({ '/': cluster.rights })) },
    cluster: {
      release: () => read(() => ({ major: 9, minor: 1, text: 'Proxmox VE 9.1.9' })),
      nodes: () => read(() => [{ node: 'pve1', online: cluster.health.online }]),
      bridges: () => read(() => [{ name: 'vmbr0', active: true }]),
      cluster: () => read(() => ({ name: 'lab', quorate: cluster.health.quorate })),
      protection: () => read(() => ({ haManaged: false, isProtected: false })),
    },
    power: {
      start: (machine) =>
        change('start', () => {
          const vm = [...state.vms.values()].find(({ name }) => name === vmNameOf(label, machine))
          if (vm === undefined) throw refused(`${machine} is not there`, 'vm-missing')
          vm.status = 'running'
          return { sentMs: 0, ackedMs: 0 }
        }),
    },
    openShell: (access: Access) => ({
      run: (machine, command) =>
        change(command === 'true' ? 'ssh' : 'setUp', () => {
          if (!Object.hasOwn(access, machine)) throw new Error(`no way to ${machine}`)
          if (command !== 'true') cluster.commands.push(`${machine}: ${command}`)
          return ''
        }),
      spawn: () => Promise.reject(new Error('not needed')),
      close: () => Promise.resolve(),
    }),
    clock: instantClock(),
    progress: (text) => void cluster.progress.push(text),
  }
}

function failed(name: string, { kind }: Failure): Error {
  return refused(`${name} failed`, kind)
}

function refused(message: string, kind?: RefusalKind): HarnessError {
  return new HarnessError(message, { exitCode: exitCodes.unavailable, ...(kind === undefined ? {} : { kind }) })
}
