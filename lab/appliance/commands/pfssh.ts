import type { CarpControl } from '../control/carp-control.ts'
import { type Command, answer, refuse } from './command.ts'

type Playback = { says: string; act: (carp: CarpControl) => Promise<void> }

const playbacks: Readonly<Record<string, Playback>> = {
  disablecarp: { says: 'Disabling CARP...', act: (carp) => carp.disable() },
  enablecarp: { says: 'Enabling CARP...', act: (carp) => carp.enable() },
  enablecarpmaint: { says: 'Enabling CARP maintenance mode...', act: (carp) => carp.enterMaintenance() },
  disablecarpmaint: { says: 'Disabling CARP maintenance mode...', act: (carp) => carp.leaveMaintenance() },
}

/** `pfSsh.php playback <session>` of pfSense; `svc stop carp` says that it has done something and does nothing. */
export const pfSsh: Command = async ({ control }, [word, session = '', ...rest]) => {
  if (control.flavour !== 'pfsense') return refuse('pfSsh.php: Command not found.\n', 127)
  if (word !== 'playback') return refuse(`pfSsh.php: expected playback, got ${word ?? 'nothing'}\n`)
  if (session === 'svc') return answer(service(rest))
  const playback = Object.hasOwn(playbacks, session) ? playbacks[session] : undefined
  if (playback === undefined) return answer(`\nError: Invalid playback session: ${session}\n`)
  await playback.act(control.carp)
  return answer(`${playback.says}\n`)
}

// A fixed list of services and those of packages; carp is in neither, and nobody says so.
function service([action = '', name = '']: string[]): string {
  const done = { stop: 'stopped', start: 'started', restart: 'restarted' }[action] ?? action
  return `Attempting to issue ${action} to ${name} service...\n\n${name} has been ${done}.\n`
}
