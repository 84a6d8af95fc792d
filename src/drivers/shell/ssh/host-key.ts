import { HarnessError, exitCodes } from '../../../model/failure.ts'

/** A pinned host key as in known_hosts without the host: `ssh-ed25519 AAAA...`. */
export interface HostKey {
  algorithm: string
  blob: Buffer
}

/** Parses a pinned host key of the target file. */
export function parseHostKey(text: string, machine: string): HostKey {
  const [algorithm, base64] = text.trim().split(/\s+/)
  const blob = Buffer.from(base64 ?? '', 'base64')
  if (algorithm !== undefined && blob.length > 16 && blob.includes(algorithm)) return { algorithm, blob }
  throw new HarnessError(
    `expected the SSH host key of ${machine} like "ssh-ed25519 AAAA...", came "${text.slice(0, 40)}"`,
    {
      exitCode: exitCodes.unavailable,
      hint: `copy it from the machine: cat /etc/ssh/ssh_host_ed25519_key.pub`,
    },
  )
}
