import { mkdirSync, writeFileSync } from 'node:fs'
import { startService } from '../system/service.ts'

const folder = '/var/db/dhclient'

/** Keeps a leased address, and nothing but that, on an interface: no route, no NAT, as on a management network. */
export function startAddressClient(device: string, onLine: (line: string) => void): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/address-script`, addressScript, { mode: 0o755 })
  const files = [
    '-lf',
    `${folder}/${device}.leases`,
    '-pf',
    `/run/dhclient.${device}.pid`,
    '-sf',
    `${folder}/address-script`,
  ]
  startService({
    command: 'dhclient',
    args: ['-4', '-d', ...files, device],
    onLine: (line) => void (/^(DHCP|bound|No )/.test(line) && onLine(line)),
    restartAfterMs: 5000,
  })
}

const addressScript = `#!/bin/sh
# made by the firewall at boot; called by dhclient
case $reason in
PREINIT) ip link set dev "$interface" up ;;
BOUND | RENEW | REBIND | REBOOT) ip addr replace "$new_ip_address/$new_subnet_mask" brd + dev "$interface" ;;
EXPIRE | FAIL | RELEASE | STOP) ip addr flush dev "$interface" ;;
esac
exit 0
`
