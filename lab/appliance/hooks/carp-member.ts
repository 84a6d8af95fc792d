import type { ApplianceConfig } from '../config.ts'
import type { SystemLog } from '../system/system-log.ts'
import type { CarpHook } from './syshook.ts'

/** The user-land line that OPNsense logs for each transition. */
export function carpMemberHook({ vips }: Pick<ApplianceConfig, 'vips'>, log: SystemLog): CarpHook {
  return {
    name: '00-carp-member',
    run: (subsystem, state) => {
      const [vhid = '', device = ''] = subsystem.split('@')
      const vip = vips.find((each) => String(each.vhid) === vhid && each.device === device)
      const member = `${vip?.description ?? ''} (${subsystem})`
      log.program('opnsense', `Carp cluster member "${member}" has resumed the state "${state}" for vhid ${vhid}`, 13)
      return Promise.resolve()
    },
  }
}
