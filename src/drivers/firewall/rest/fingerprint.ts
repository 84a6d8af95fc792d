import type { Shell } from '../../../ports/shell.ts'
import { refusal } from '../refusal.ts'

const show = 'openssl s_client -connect 127.0.0.1:443 </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256'
const command = `/bin/sh -c '${show}'`
const limitMs = 10_000

/** Asks a node over SSH, whose host key is pinned, which certificate its own WebGUI shows: SHA-256 as `AB:CD:...`. */
export async function learnFingerprint(shell: Shell, node: string, signal: AbortSignal): Promise<string> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
  const text = await shell.run(node, command, { signal: limited }).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw unknown(node, cause)
  })
  const shown = parseFingerprint(text)
  if (shown === null) throw unknown(node)
  return shown
}

/** The fingerprint in the words of `openssl x509 -fingerprint`; null where there is none. */
export const parseFingerprint = (text: string): string | null =>
  /^sha256 fingerprint=((?:[0-9A-F]{2}:){31}[0-9A-F]{2})\s*$/im.exec(text)?.[1]?.toUpperCase() ?? null

const unknown = (node: string, cause?: unknown) =>
  refusal(
    'no-fingerprint',
    `expected a pinned certificate for the API of ${node}: the target file has no fingerprint, and it cannot be asked over SSH`,
    { hint: `set machines.${node}.api.fingerprint in the target file, or make SSH work`, cause },
  )
