/**
 * Whether state sync is complete, from `ifconfig pfsync0`: null where no sync device is set, false unless the interface is up
 * and says `syncok: 1`. Releases before the `version` field end the second line earlier; older ones begin it with `pfsync:`.
 */
export function parsePfsyncStatus(text: string): boolean | null {
  if (!/\bsyncdev: [\w.-]+/.test(text)) return null
  const flags = /^pfsync0: flags=[0-9a-f]+<([A-Z0-9_,]*)>/m.exec(text)?.[1]
  return flags !== undefined && flags.split(',').includes('UP') && /^\s*syncok: 1\s*$/m.test(text)
}
