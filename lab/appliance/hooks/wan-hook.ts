import { writeFileSync } from 'node:fs'
import type { SystemLog } from '../system/system-log.ts'
import type { Wan } from '../wan/wan.ts'
import type { CarpHook } from './syshook.ts'

/** The document's 10-wan: WAN is enabled on MASTER, disabled on BACKUP; INIT is refused with an error, as there. */
export function wanHook(wan: Wan, log: SystemLog, flagFile = '/conf/wan.enable'): CarpHook {
  return {
    name: '10-wan',
    run: async (subsystem, state) => {
      const say = (text: string) => log.program('10-wan', text)
      if (state === 'INIT') return say(`Carp '${state}' event unknown from source '${subsystem}'`)
      const enable = state === 'MASTER'
      say(`${enable ? 'enable' : 'disable'} interface 'wan' due CARP event '${state}'`)
      writeFileSync(flagFile, enable ? '1\n' : '0\n')
      await (enable ? wan.enable() : wan.disable())
    },
  }
}
