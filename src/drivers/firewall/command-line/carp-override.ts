import type { Clock } from '../../../ports/clock.ts'
import type { CarpOverride, HaReader } from '../../../ports/firewall.ts'
import { refusal } from '../refusal.ts'
import type { Commander } from './commander.ts'

const pollMs = 100
const polls = 20

/** Forces BACKUP by ifconfig, and takes demotion off by adding its negative, as the kernel's sysctl wants it. */
export function commandCarpOverride(commander: Commander, haReader: HaReader, clock: Clock): CarpOverride {
  return {
    forceBackup: async (node, signal) => {
      const { vhids } = await haReader.read(node, signal)
      if (vhids.length === 0) throw refusal('no-effect', `expected VHIDs on ${node} to force to BACKUP, came none`)
      const script = vhids.map(({ nic, vhid }) => `ifconfig ${nic} vhid ${vhid} state backup`).join(' && ')
      const { sentMs, ackedMs } = await commander.run(node, script, 'become backup', signal)
      const after = await haReader.read(node, signal)
      const still = after.vhids.filter(({ state }) => state === 'MASTER').map(({ vhid }) => vhid)
      if (still.length === 0) return { sentMs, ackedMs }
      throw refusal(
        'no-effect',
        `expected ${node} to be BACKUP after it was forced, it is master for VHID ${still.join(', ')}`,
      )
    },
    clearDemotion: async (node, signal) => {
      const asked = clock.nowMs()
      const demotion = await demotionOf(node, haReader, signal)
      if (demotion === 0) return { sentMs: asked, ackedMs: clock.nowMs() }
      const script = `sysctl net.inet.carp.demotion=${-demotion}`
      const { sentMs, ackedMs } = await commander.run(node, script, 'take its demotion off', signal)
      await untilUndemoted(node, haReader, clock, signal)
      return { sentMs, ackedMs }
    },
  }
}

async function untilUndemoted(node: string, haReader: HaReader, clock: Clock, signal: AbortSignal): Promise<void> {
  let left = 0
  for (let poll = 0; poll < polls; poll += 1) {
    left = await demotionOf(node, haReader, signal)
    if (left === 0) return
    await clock.sleep(pollMs, signal)
  }
  throw refusal(
    'demotion-stuck',
    `expected ${node} without demotion after it was taken off, it is demoted by ${left}`,
    {
      hint: 'something keeps demoting it: an interface without link, a bulk update of state sync, a service of rc.carp_service_status.d',
    },
  )
}

async function demotionOf(node: string, haReader: HaReader, signal: AbortSignal): Promise<number> {
  const { demotion } = await haReader.read(node, signal)
  if (demotion !== null) return demotion
  throw refusal('not-understood', `expected ${node} to tell its demotion, it does not`)
}
