import type { ApplianceConfig } from '../config.ts'
import { bare } from '../net/address.ts'
import type { SystemLog } from '../system/system-log.ts'
import type { CarpHook } from './syshook.ts'

const notice = 13

/** The user-land line that the product logs for each transition. */
export function carpMemberHook({ vips, flavour }: Pick<ApplianceConfig, 'vips' | 'flavour'>, log: SystemLog): CarpHook {
  return {
    name: '00-carp-member',
    run: (subsystem, state) => {
      const [vhid = '', device = ''] = subsystem.split('@')
      const vip = vips.find((each) => String(each.vhid) === vhid && each.device === device)
      const description = vip?.description ?? ''
      if (flavour === 'pfsense') {
        const handler = `/rc.carp${state === 'MASTER' ? 'master' : 'backup'}`
        const member = `(${bare(vip?.address ?? '')}@${device}): (${description})`
        const text = `HA cluster member "${member}" has resumed CARP state "${state}" for vhid ${vhid}`
        log.program('php-fpm', `${handler}: ${text}`, notice)
      } else {
        const text = `Carp cluster member "${description} (${subsystem})" has resumed the state "${state}" for vhid ${vhid}`
        log.program('opnsense', text, notice)
      }
      return Promise.resolve()
    },
  }
}
