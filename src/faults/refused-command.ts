import { z } from 'zod'

const words = String.raw`\bpfSsh(?:\.php)?\b[^;&|\n]*\bplayback\s+["']?svc["']?\s+["']?(stop|start|restart)["']?\s+["']?carp\b`
const playbackOfCarp = new RegExp(words, 'i')
const right: Readonly<Record<string, string>> = {
  stop: 'pfSsh.php playback disablecarp',
  start: 'pfSsh.php playback enablecarp',
  restart: 'pfSsh.php playback disablecarp, then pfSsh.php playback enablecarp',
}

/**
 * Why a command must not be used, with the right one; null where nothing is known against it. `pfSsh.php playback svc stop carp` prints
 * "carp has been stopped." and does nothing: `svc` knows no service of that name.
 */
export function refusedCommand(command: string): string | null {
  const verb = playbackOfCarp.exec(command)?.[1]?.toLowerCase()
  if (verb === undefined) return null
  return `"pfSsh.php playback svc ${verb} carp" does nothing although it says so: svc knows no service carp; use ${right[verb]}`
}

const downInGuest = /\bifconfig\s+[\w.]+\s+down\b|\bip\s+link\s+set\s+(?:dev\s+)?[\w.]+\s+down\b/

/** What a person should know who uses a command for something that it is not; null where nothing is known. Reference: firewalls page §3.6. */
export function warnedCommand(command: string): string | null {
  const found = downInGuest.exec(command)?.[0]
  if (found === undefined) return null
  return `"${found}" in the guest is no cable pull: the guest gets no link event, so that demotion by carrier does not happen as on a real cut, and the switch keeps its tables; use link-down (the cable) or path-down (the path)`
}

/** A command that a scenario may hold; one that is known to do nothing is refused with the reason and the right one. */
export const commandSchema = z
  .string()
  .min(1)
  .superRefine((command, context) => {
    const reason = refusedCommand(command)
    if (reason !== null) context.addIssue(reason)
  })
