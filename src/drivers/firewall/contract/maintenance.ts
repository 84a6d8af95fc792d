import { type Bench, type Case, isMaster, untilSeen, untilSettled } from './bench.ts'
import { expectRefusal, expectSame, expectTrue } from './expectation.ts'

const noMaintenance = ({ roles }: Bench) => (roles.maintenance === undefined ? 'it has no maintenance mode' : null)
const onlyToggles = (bench: Bench) =>
  noMaintenance(bench) ?? (bench.product === 'OPNsense' ? null : 'flag and demotion cannot part: it has no demotion')

const beMovedAway = (bench: Bench) =>
  untilSeen(bench, 'the backup to take over', ({ primary, backup }) => isMaster(backup) && !isMaster(primary))

/** Persistent maintenance mode by one way in. */
export const maintenanceCases: readonly Case[] = [
  {
    name: 'enters maintenance mode once, however often it is asked to, and leaves it again',
    lacks: noMaintenance,
    async run(bench) {
      const { roles, kernel, primary, signal } = bench
      await untilSettled(bench)
      for (const _ of [1, 2]) await roles.maintenance?.enter(primary, signal)
      await beMovedAway(bench)
      const inside = await kernel.haReader.read(primary, signal)
      const effect = { demotion: inside.demotion, skews: [...new Set(inside.vhids.map(({ advskew }) => advskew))] }
      expectSame('flag', inside.maintenance, true)
      if (bench.product === 'OPNsense') expectSame('demotion', effect.demotion, 240)
      else expectSame('effect', effect, { demotion: 0, skews: [254] })
      for (const _ of [1, 2]) await roles.maintenance?.leave(primary, signal)
      await untilSettled(bench)
    },
  },
  {
    name: 'tells a lost maintenance flag from an entered one, and does not add to it',
    lacks: onlyToggles,
    async run(bench) {
      const { roles, kernel, primary, signal } = bench
      await untilSettled(bench)
      await roles.maintenance?.enter(primary, signal)
      await bench.loseFlag(primary)
      const refusal = await expectRefusal('leaving', leave(bench), 'maintenance-flag-lost')
      expectTrue(
        `the remedy, came ${refusal.hint}`,
        refusal.hint?.includes('sysctl net.inet.carp.demotion=-240') === true,
      )
      expectSame('demotion', (await kernel.haReader.read(primary, signal)).demotion, 240)
      await kernel.carpOverride.clearDemotion(primary, signal)
      await untilSettled(bench)
    },
  },
  {
    name: 'tells a stuck demotion from maintenance mode',
    lacks: onlyToggles,
    async run(bench) {
      const { kernel, primary, signal } = bench
      await untilSettled(bench)
      await demote(bench, 2880)
      await expectRefusal('leaving', leave(bench), 'demotion-stuck')
      expectSame('demotion', (await kernel.haReader.read(primary, signal)).demotion, 2880)
      await kernel.carpOverride.clearDemotion(primary, signal)
      await untilSettled(bench)
    },
  },
  {
    name: 'notices that somebody else toggled in between, and leaves it at one error',
    lacks: ({ raced }) => (raced === undefined ? 'its verb is no toggle, or nobody can get in between' : null),
    async run(bench) {
      const { raced, kernel, primary, signal } = bench
      await untilSettled(bench)
      const refusal = await expectRefusal(
        'entering',
        raced?.maintenance?.enter(primary, signal) ?? nothing,
        'toggle-race',
      )
      expectTrue(`who is named, came ${refusal.message}`, refusal.message.includes('by somebody else in the meantime'))
      expectSame('flag', (await kernel.haReader.read(primary, signal)).maintenance, false)
      await untilSettled(bench)
    },
  },
  {
    name: 'lets a user who may only see the status page see it, and names the privilege for the rest',
    lacks: ({ restricted }) => (restricted === undefined ? 'it knows no such user' : null),
    async run(bench) {
      const { restricted, primary, signal, release } = bench
      await untilSettled(bench)
      expectSame('demotion', (await restricted?.haReader.read(primary, signal))?.demotion, 0)
      const entering = restricted?.maintenance?.enter(primary, signal) ?? nothing
      if (Number(release) >= 26.7) {
        await entering
        await restricted?.maintenance?.leave(primary, signal)
      } else {
        const refusal = await expectRefusal('entering', entering, 'forbidden')
        expectTrue(`the privilege, came ${refusal.hint}`, refusal.hint?.includes('"All pages"') === true)
      }
      await untilSettled(bench)
    },
  },
]

const nothing = Promise.resolve()

const leave = ({ roles, primary, signal }: Bench): Promise<unknown> =>
  roles.maintenance?.leave(primary, signal) ?? nothing

/** The kernel's counter alone, as a pfsync or an interface that failed would leave it. */
async function demote(bench: Bench, by: number): Promise<void> {
  await bench.demote(bench.primary, by)
  await untilSeen(bench, `a demotion of ${by}`, ({ primary }) => primary.demotion === by)
}
