import { type Bench, type Case, isMaster, untilSeen, untilSettled } from './bench.ts'
import { expectSame, expectTrue } from './expectation.ts'

/** What else a way in may do to a node. */
export const controlCases: readonly Case[] = [
  {
    name: 'disables CARP and enables it again, each once, and the backup takes over in between',
    lacks: ({ roles }) => (roles.carpSwitch === undefined ? 'it cannot disable CARP' : null),
    async run(bench) {
      const { roles, primary, signal } = bench
      await untilSettled(bench)
      for (const _ of [1, 2]) await roles.carpSwitch?.disable(primary, signal)
      const off = await roles.haReader.read(primary, signal)
      expectSame('state', { allow: off.allow, vhids: off.vhids }, { allow: false, vhids: [] })
      await untilSeen(bench, 'the backup to take over', ({ backup }) => isMaster(backup))
      for (const _ of [1, 2]) await roles.carpSwitch?.enable(primary, signal)
      await untilSettled(bench)
    },
  },
  {
    name: 'forces a node to BACKUP, which does not last',
    lacks: noOverride,
    async run(bench) {
      const { roles, primary, signal } = bench
      await untilSettled(bench)
      await roles.carpOverride?.forceBackup(primary, signal)
      await untilSettled(bench)
    },
  },
  {
    name: 'takes a demotion off, whatever its size',
    lacks: noOverride,
    async run(bench) {
      const { roles, primary, signal } = bench
      await untilSettled(bench)
      await bench.demote(primary, 2880)
      for (const _ of [1, 2]) await roles.carpOverride?.clearDemotion(primary, signal)
      await untilSettled(bench)
    },
  },
  {
    name: 'turns pf off and on, each once, and CARP does not notice',
    lacks: ({ roles }) => (roles.filter === undefined ? 'it cannot turn pf off' : null),
    async run(bench) {
      const { roles, kernel, primary, signal } = bench
      await untilSettled(bench)
      for (const _ of [1, 2]) await roles.filter?.disable(primary, signal)
      expectSame('pf', await roles.filter?.isEnabled(primary, signal), false)
      expectTrue('the primary to stay master', isMaster(await kernel.haReader.read(primary, signal)))
      for (const _ of [1, 2]) await roles.filter?.enable(primary, signal)
      expectSame('pf', await roles.filter?.isEnabled(primary, signal), true)
      await untilSettled(bench)
    },
  },
]

function noOverride({ roles }: Bench): string | null {
  return roles.carpOverride === undefined ? 'it cannot force a state' : null
}
