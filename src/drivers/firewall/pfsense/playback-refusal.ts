/**
 * Why a command line must not be used, with the right one; null where nothing is known against it. `pfSsh.php playback svc stop carp`
 * prints "carp has been stopped." and does nothing: `svc` knows no service of that name.
 */
export function refusedCommand(command: string): string | null {
  const verb =
    /\bpfSsh(?:\.php)?\b[^;&|\n]*\bplayback\s+["']?svc["']?\s+["']?(stop|start|restart)["']?\s+["']?carp\b/i.exec(
      command,
    )?.[1]
  if (verb === undefined) return null
  const right = { stop: 'disablecarp', start: 'enablecarp', restart: 'disablecarp, then enablecarp' } as const
  const session =
    verb.toLowerCase() === 'stop' ? right.stop : verb.toLowerCase() === 'start' ? right.start : right.restart
  return `pfSsh.php playback svc ${verb.toLowerCase()} carp does nothing and says that it did: svc knows no service carp; use pfSsh.php playback ${session}`
}
