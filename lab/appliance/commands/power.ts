import { type Command, answer } from './command.ts'

/** What the shell still reads before the machine goes. */
const goodbyeMs = 200

/** `reboot`, `rc.reboot`, `shutdown -r`. */
export const reboot: Command = ({ control }) => {
  setTimeout(control.system.reboot, goodbyeMs)
  return answer('')
}

/** `halt`, `poweroff`. */
export const halt: Command = ({ control }) => {
  setTimeout(control.system.halt, goodbyeMs)
  return answer('')
}

/** `shutdown -r now` or `shutdown -p now`. */
export const shutdown: Command = (firewall, args) => {
  return args.includes('-r') ? reboot(firewall, args) : halt(firewall, args)
}
