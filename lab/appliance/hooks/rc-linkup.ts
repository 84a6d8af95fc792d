import type { ApplianceConfig } from '../config.ts'
import type { Speaker } from '../carp/speaker.ts'
import type { LinkChange } from '../net/interfaces.ts'
import type { SystemLog } from '../system/system-log.ts'
import type { Wan } from '../wan/wan.ts'
import type { EventQueue } from './syshook.ts'

/** Whom a change of link concerns. */
export type LinkListeners = {
  config: ApplianceConfig
  speaker: Speaker
  wan: Wan | undefined
  log: SystemLog
  queue: EventQueue
  requestBulk: () => void
}

/**
 * What a link change sets off: the kernel's line, CARP at once, then devd's rc.linkup, which configures the interface
 * again; for a CARP or sync interface that repeats the pfsync set-up and so begins a bulk update.
 */
export function rcLinkup(listeners: LinkListeners): (change: LinkChange) => void {
  const { config, speaker, wan, log, queue } = listeners
  return ({ device, up, carrier, carrierChanged }) => {
    const known = config.interfaces.find((each) => each.device === device)
    if (known === undefined) return
    if (carrierChanged) log.kernel(`${device}: link state changed to ${carrier ? 'UP' : 'DOWN'}`)
    speaker.apply({ kind: 'link', device, up })
    if (!carrierChanged || (device === wan?.device && !wan.enabled)) return
    queue(async () => {
      log.program('rc.linkup', `DEVD: Ethernet ${carrier ? 'attached' : 'detached'} event for ${known.key}(${device})`)
      if (device === wan?.device) await wan.linkChanged(carrier)
      else if (carrier && concernsPfsync(config, device)) listeners.requestBulk()
    })
  }
}

function concernsPfsync({ vips, pfsync }: ApplianceConfig, device: string): boolean {
  return pfsync?.device === device || vips.some((vip) => vip.device === device)
}
