import type { Clock } from '../../../ports/clock.ts'
import type { CarpSwitch, HaReader, MaintenanceControl } from '../../../ports/firewall.ts'
import { carpSwitch } from '../carp-switch.ts'
import type { Commander } from '../command-line/commander.ts'
import { explicitMaintenance } from '../maintenance/explicit.ts'

const playback = (session: string) => `/usr/local/sbin/pfSsh.php playback ${session}`

/** A second for each VIP, and 30 s more for state sync where CARP is enabled; 20 VIPs are taken for many. */
const disableWithinMs = 25_000
const enableWithinMs = 55_000
const maintenanceWithinMs = 30_000
const settleMs = 5000

/** Maintenance and CARP itself by pfSense's recorded sessions. */
export function playbackCarp(
  commander: Commander,
  haReader: HaReader,
  clock: Clock,
): { maintenance: MaintenanceControl; carpSwitch: CarpSwitch } {
  const play = async (node: string, session: string, signal: AbortSignal, limitMs: number) => {
    const { sentMs, ackedMs } = await commander.run(node, playback(session), `play back ${session}`, signal, limitMs)
    return { sentMs, ackedMs }
  }
  return {
    maintenance: explicitMaintenance({
      haReader,
      set: (node, on, signal) => play(node, on ? 'enablecarpmaint' : 'disablecarpmaint', signal, maintenanceWithinMs),
      clock,
    }),
    carpSwitch: carpSwitch({
      haReader,
      set: (node, on, signal) =>
        on ? play(node, 'enablecarp', signal, enableWithinMs) : play(node, 'disablecarp', signal, disableWithinMs),
      withinMs: settleMs,
      clock,
    }),
  }
}
