/**
 * The shell line by which PID 1 (`sh`) obeys a request to power off, SIGTERM: `stop` is done, then it ends with status 0 and
 * the kernel ends what is left. To be the first line of a boot script.
 */
export function powerOffTrap(stop: string): string {
  return `trap '${stop}; exit 0' TERM`
}

/** The shell line that starts the hypervisor's guest agent, if it has lent one: a folder with a script `start`. */
export const startAgent = '[ ! -e /opt/firedrill/agent/start ] || sh /opt/firedrill/agent/start &'

/** With this exit status the first process asks for another start of the machine, as a reset does. */
export const rebootStatus = 194
