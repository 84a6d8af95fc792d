import { writeFileSync } from 'node:fs'
import type { Carp } from '../carp/start-carp.ts'
import type { Flavour } from '../config.ts'
import type { SystemLog } from '../system/system-log.ts'
import type { WallClock } from '../system/wall-clock.ts'
import type { SystemControl } from './control.ts'

/** Where the first process finds how it is to end: the hypervisor starts the machine again after `reboot`. */
const orderFile = '/run/power-order'
const authNotice = 37

type PowerOrder = 'reboot' | 'halt'

/** The machine, and what is still done when somebody else ends it. */
export type Machine = SystemControl & { powerOff: () => void }

/** The machine and its clock. pfSense lowers CARP before it goes, OPNsense just goes. */
export function createSystemControl(
  flavour: Flavour,
  clock: WallClock,
  { carp, log }: { carp: Carp; log: SystemLog },
): Machine {
  let isEnding = false
  const goodbye = (how: PowerOrder): void => {
    if (isEnding) return
    isEnding = true
    if (flavour === 'pfsense') carp.speaker.apply({ kind: 'allow', allow: false })
    const [name, text] = how === 'reboot' ? ['reboot', 'rebooted by root:'] : ['shutdown', 'power-down by root:']
    log.program(name, text, authNotice)
  }
  const end = (how: PowerOrder): void => {
    goodbye(how)
    writeFileSync(orderFile, how)
    process.kill(1, 'SIGTERM')
  }
  return { ...clock, reboot: () => end('reboot'), halt: () => end('halt'), powerOff: () => goodbye('halt') }
}
