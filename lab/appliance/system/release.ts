import type { Flavour } from '../config.ts'

/** Reads /conf/release: `opnsense-25.7`, `pfsense-2.8`, or a bare release, which is OPNsense's. */
export function readRelease(text: string | undefined): { flavour: Flavour; release: string } {
  const found = /^(?:(opnsense|pfsense)-)?(\d+\.\d+(?:\.\d+)?)$/.exec(text?.trim() ?? '')
  return { flavour: found?.[1] === 'pfsense' ? 'pfsense' : 'opnsense', release: found?.[2] ?? 'unknown' }
}
