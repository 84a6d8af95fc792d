/** A privilege that a call needs: one of `privileges` on one of `paths`, as the ACLs of Proxmox VE name them. */
export interface Need {
  paths: string[]
  privileges: string[]
}

/** One call to the hypervisor, or one command over SSH (method `SSH`, path the machine), with what it needs. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'SSH'
  path: string
  parameters: Record<string, string>
  needs: Need[]
  /** What it is for, for people. */
  why: string
}

/** `POST /pools poolid=firedrill-x  (the lab's lock)` */
export function callLine({ method, path, parameters, why }: Call): string {
  const words = Object.entries(parameters).map(([name, value]) => `${name}=${name === 'sshkeys' ? '...' : value}`)
  return [method, path, ...words, `# ${why}`].join(' ')
}
