import type { PfsenseVersion } from '../release.ts'

/** The frame of pfSense's pages. */
export function frameOf(host: string, { version }: PfsenseVersion) {
  return { host, product: `pfSense ${version}`, accent: '#4a3f35' }
}

export const menu = {
  Dashboard: '/index.php',
  'CARP (failover)': '/status_carp.php',
  Reboot: '/diag_reboot.php',
  Logout: '/index.php?logout',
}

/** The hidden field that every form carries. */
export function magicField(magic: string): string {
  return `<input type="hidden" name="__csrf_magic" value="${magic}">`
}
