import type { HaState } from '../../../model/ha-state.ts'
import { type Case, untilSettled } from './bench.ts'
import { expectSame, expectTrue } from './expectation.ts'

/** What a way in says of a node that nobody touches. */
export const readingCases: readonly Case[] = [
  {
    name: 'tells of both nodes what their kernels tell',
    lacks: () => null,
    async run(bench) {
      await untilSettled(bench)
      for (const node of [bench.primary, bench.backup]) {
        const told = await bench.roles.haReader.read(node, bench.signal)
        const kernel = await bench.kernel.haReader.read(node, bench.signal)
        expectSame(`state of ${node}`, comparable(told, told), comparable(kernel, told))
      }
    },
  },
  {
    name: 'tells product and release, and a boot time that stays',
    lacks: ({ roles }) => (roles.system === undefined ? 'it does not tell the release' : null),
    async run({ roles, primary, signal, product, release, kernel }) {
      const first = await roles.system?.read(primary, signal)
      const second = await roles.system?.read(primary, signal)
      const reference = await kernel.system.read(primary, signal)
      expectSame('product', first?.product, product)
      expectTrue(`release ${first?.release} to be of ${release}`, first?.release.startsWith(release) === true)
      const apart = Math.abs((first?.bootTime ?? NaN) - (second?.bootTime ?? NaN))
      expectTrue(`the same boot time twice, ${apart} s apart`, apart <= 1)
      expectTrue('the boot time of the kernel', Math.abs((first?.bootTime ?? NaN) - reference.bootTime) <= 2)
      expectTrue('an uptime', (first?.uptimeSeconds ?? -1) >= 0)
    },
  },
  {
    name: 'tells of states and their sync, each node with an id of its own where it tells ids',
    lacks: ({ roles }) => (roles.stateSync === undefined ? 'it does not tell of states' : null),
    async run({ roles, primary, backup, signal }) {
      const [one, other] = [await roles.stateSync?.read(primary, signal), await roles.stateSync?.read(backup, signal)]
      for (const reading of [one, other]) {
        expectTrue('a number of states', (reading?.states.current ?? -1) >= 0)
        expectTrue('its interval', (reading?.ackedMs ?? NaN) >= (reading?.sentMs ?? NaN))
        expectTrue('state sync to be complete, or not told', reading?.syncOk !== false)
        expectTrue('ids of creators', reading?.creatorIds.every((id) => /^[0-9a-f]{8}$/.test(id)) === true)
      }
      expectTrue('different host ids', one?.hostId === null || one?.hostId !== other?.hostId)
    },
  },
]

/** What both can tell: interfaces may go by other names, and what the one cannot tell is not compared. */
function comparable(state: HaState, told: HaState) {
  const known = Object.entries(state).filter(([name]) => isTold(told, name))
  const vhids = state.vhids
    .map(({ vhid, state: role, advskew }) => ({
      vhid,
      role,
      advskew: told.vhids.every((each) => each.advskew !== null) ? advskew : null,
    }))
    .toSorted((a, b) => a.vhid - b.vhid)
  return { ...Object.fromEntries(known), vhids }
}

const isTold = (told: HaState, name: string) =>
  Object.entries(told).some(([each, value]) => each === name && value !== null) &&
  name !== 'vhids' &&
  name !== 'problem'
