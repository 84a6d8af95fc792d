import type { CarpLogEntry } from '../../../model/carp-log.ts'
import type { LogClock } from '../../../ports/firewall.ts'
import { type Bench, type Case, isMaster, untilSeen, untilSettled } from './bench.ts'
import { expectRefusal, expectSame, expectTrue } from './expectation.ts'

/** The kernel's steps are logged within this time, and log stamps are whole seconds. */
const logDelayMs = 1500

/** What a way in knows of the past, and of the pair as a whole. */
export const evidenceCases: readonly Case[] = [
  {
    name: "tells the kernel's reasons for a takeover, within the time in which it happened",
    lacks: ({ roles }) => (roles.carpLog === undefined ? 'it does not tell the log' : null),
    async run(bench) {
      const { roles, kernel, primary, backup, signal, clock } = bench
      await untilSettled(bench)
      const log = roles.carpLog
      const relation = await log?.clock(backup, signal)
      if (log === undefined || relation === undefined) throw new Error('expected a log')
      expectTrue(`a bound below a second, came ${relation.boundMs} ms`, relation.boundMs < 1000)
      const beganMs = clock.nowMs()
      await bench.demote(primary, 240)
      await untilSeen(bench, 'the backup to take over', ({ backup: seen }) => isMaster(seen))
      const endedMs = clock.nowMs()
      await clock.sleep(logDelayMs, signal)
      const entries = await log.entries(backup, relation.zeroMs + beganMs - relation.boundMs - 1000, signal)
      const rises = entries.flatMap((entry) => riseOf(entry, relation) ?? []).filter(({ highMs }) => highMs >= beganMs)
      expectTrue(`a rise to MASTER in ${JSON.stringify(entries)}`, rises.length > 0)
      for (const { reason, lowMs } of rises) {
        expectTrue(`a reason of the kernel, came ${reason}`, reasons.includes(reason))
        expectTrue(`a rise by ${endedMs}, came one from ${lowMs} on`, lowMs <= endedMs + logDelayMs)
      }
      await kernel.carpOverride.clearDemotion(primary, signal)
      await untilSettled(bench)
    },
  },
  {
    name: 'pushes the configuration to the backup, after which nothing differs that should not',
    lacks: ({ roles }) => (roles.configSync === undefined ? 'it knows no configuration sync' : null),
    async run(bench) {
      const { roles, primary, backup, signal } = bench
      if (isWithoutSync(bench)) {
        await expectRefusal('syncing', roles.configSync?.trigger(primary, signal) ?? Promise.resolve(), 'not-found')
        return
      }
      await roles.configSync?.trigger(primary, signal)
      expectSame('differences', await roles.configSync?.compare(primary, backup, signal), [])
      await untilSettled(bench)
    },
  },
  {
    name: 'tells whether there is an update, and that none is running',
    lacks: ({ roles }) => (roles.firmware === undefined ? 'it knows no updates' : null),
    async run({ roles, primary, signal }) {
      const check = await roles.firmware?.check(primary, signal)
      expectTrue(
        `a check without an error, came ${JSON.stringify(check)}`,
        check !== undefined && check.status !== 'error',
      )
      const progress = await roles.firmware?.progress(primary, signal)
      expectTrue(`nothing to run, came ${JSON.stringify(progress)}`, progress?.state !== 'running')
    },
  },
]

const reasons = ['master timed out', 'preempting a slower master', 'master will time out']

/** A rise to MASTER, and when it happened on the harness's clock; null where the entry is none. */
function riseOf({ atMs, resolutionMs, event }: CarpLogEntry, { zeroMs, boundMs }: LogClock) {
  if (event.kind !== 'transition' || event.to !== 'MASTER') return null
  return { reason: event.reason, lowMs: atMs - zeroMs - boundMs, highMs: atMs + resolutionMs - zeroMs + boundMs }
}

/** The API of OPNsense 24.7 has no calls for it. */
const isWithoutSync = ({ product, release, roles }: Bench) =>
  product === 'OPNsense' && release === '24.7' && roles.carpOverride === undefined
