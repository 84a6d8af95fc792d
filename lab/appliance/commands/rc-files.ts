import { type Command, answer, refuse } from './command.ts'

/** `rc.filter_synchronize`: the configuration to the peer. */
export const filterSynchronize: Command = async ({ control }) => {
  const pushed = await control.sync.push()
  return pushed.ok ? answer('') : refuse(`rc.filter_synchronize: error: ${pushed.message}\n`)
}

/** `rc.carpmaster <vhid>@<nic>`: devd's handlers; calling them changes no state of CARP. */
export const carpHandler =
  (state: 'MASTER' | 'BACKUP'): Command =>
  ({ log, config }, [subsystem = '']) => {
    const [vhid = '', device = ''] = subsystem.split('@')
    const vip = config.vips.find((each) => String(each.vhid) === vhid && each.device === device)
    if (vip === undefined) return answer('')
    const member = `(${vip.address.split('/')[0]}@${device}): (${vip.description})`
    const text = `HA cluster member "${member}" has resumed CARP state "${state}" for vhid ${vhid}`
    log.program('php-fpm', `/rc.carp${state.toLowerCase()}: ${text}`, 14)
    return answer('')
  }
