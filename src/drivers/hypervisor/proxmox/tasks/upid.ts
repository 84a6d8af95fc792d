/** What a UPID says of its task. */
export interface TaskIdentity {
  node: string
  /** Seconds since 1970 on that node's clock. */
  startedS: number
  type: string
  /** A VMID for the tasks of VMs, else mostly empty. */
  id: string
  user: string
}

/** Takes a well-formed UPID apart: `UPID:NODE:PID:PSTART:STARTTIME:TYPE:ID:USER:`, its numbers in hex. */
export function readUpid(upid: string): TaskIdentity {
  const [, node = '', , , started = '', type = '', id = '', user = ''] = upid.split(':')
  return { node, startedS: Number.parseInt(started, 16), type, id, user }
}
