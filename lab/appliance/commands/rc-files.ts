import { carpMemberHook } from '../hooks/carp-member.ts'
import { type Command, answer, refuse } from './command.ts'

/** `rc.filter_synchronize`: the configuration to the peer. */
export const filterSynchronize: Command = async ({ control }) => {
  const pushed = await control.sync.push()
  return pushed.ok ? answer('') : refuse(`rc.filter_synchronize: error: ${pushed.message}\n`)
}

/** `rc.restart_webgui`: the web server anew. */
export const restartWebgui: Command = async ({ web }) => {
  await web.start()
  return answer('Restarting web GUI...done.\n')
}

/** `rc.carpmaster <vhid>@<nic>`: devd's handlers; calling them logs and changes no state of CARP. */
export const carpHandler =
  (state: 'MASTER' | 'BACKUP'): Command =>
  async ({ log, config }, [subsystem = '']) => {
    await carpMemberHook(config, log).run(subsystem, state)
    return answer('')
  }
