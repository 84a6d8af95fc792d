/** Where the appliance listens for commands. */
export const commandSocket = '/run/appliance.sock'

/** The sh script that stands for a command: asks the running appliance, passes output and status on. */
export function renderWrapper(name: string): string {
  return `#!/bin/sh
# asks the running firewall; the first line of its answer is the exit status
{ printf '%s\\n' ${name} "$@"; } | socat -t 30 - UNIX-CONNECT:${commandSocket} | {
  IFS= read -r status || { echo "${name}: the firewall is not running" >&2; exit 69; }
  [ "$status" = 0 ] || exec >&2
  cat
  exit "$status"
}
`
}
