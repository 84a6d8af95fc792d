import type { Clock } from '../../../../src/ports/clock.ts'
import type { CutRow } from '../rows.ts'
import { type Cable, far } from './cable.ts'
import { type Trial, drillOnCable } from './drill.ts'
import { inFolder } from './folder.ts'
import type { CarrierOrder } from './order.ts'
import { rowOf, streamsOf } from './outage-rows.ts'

const cleanMs = 2000
/** Time for what was kept back to come, and for neighbours to be found again. */
const pauseMs = 2500
const lengthMs = 1000
const never = new AbortController().signal

/** Takes the far end's link down for a second, again and again. The truth is as sharp as the commands are quick. */
export async function loseCarrier(cable: Cable, { seed, kind, everyMs, waitsMs }: CarrierOrder): Promise<CutRow[]> {
  const truths: CutRow['truth'][] = []
  const trials = waitsMs.map((waitMs, index): Trial => ({
    name: `cut-${index}`,
    kind: 'carrier-loss',
    play: async (clock) => {
      await clock.sleep(waitMs, never)
      const { began, truth } = await loseOnce(cable, clock)
      truths.push(truth)
      return began
    },
  }))
  const drill = { seed, streams: streamsOf(kind, everyMs), cleanMs, pauseMs, trials }
  const result = await inFolder((folder) => drillOnCable({ folder, ...drill }))
  return truths.flatMap((truth, index) => everyMs.map((every) => rowOf(result, { truth, index, every, boundMs: 0 })))
}

async function loseOnce(cable: Cable, clock: Clock): Promise<{ began: CutRow['truth']; truth: CutRow['truth'] }> {
  const down = setLink(cable, clock, 'down')
  await clock.sleep((down.low + down.high) / 2 + lengthMs - clock.nowMs(), never)
  const up = setLink(cable, clock, 'up')
  // Whoever comes back announces itself. The kernel's own word (arp_notify) would be too early: this end's link is not up again by then.
  cable.start('arping', ['-q', '-A', '-c', '1', '-I', far.device, far.address])
  return { began: down, truth: { low: up.low - down.high, high: up.high - down.low } }
}

function setLink(cable: Cable, clock: Clock, state: 'up' | 'down'): CutRow['truth'] {
  const low = clock.nowMs()
  cable.run(`ip link set ${far.device} ${state}`)
  return { low, high: clock.nowMs() }
}
