import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import type { ApplianceConfig } from '../config.ts'
import { startService } from '../system/service.ts'
import type { SystemLog } from '../system/system-log.ts'
import { dhcpdLeaseFile } from './dhcpd-leases.ts'
import { renderDhcpd } from './dhcpd-config.ts'
import { renderDnsmasq } from './dnsmasq-config.ts'

const daemonInfo = 30

/** Starts what machines inside are served: addresses and names. */
export function startInsideServices(config: ApplianceConfig, log: SystemLog): void {
  const names = renderDnsmasq(config)
  if (names !== undefined) startDnsmasq(names, log)
  if (config.flavour === 'pfsense' && config.dhcpServers.length > 0) startDhcpd(config, log)
}

function startDnsmasq(text: string, log: SystemLog): void {
  mkdirSync('/var/etc', { recursive: true })
  mkdirSync('/var/db', { recursive: true })
  writeFileSync('/var/etc/dnsmasq.conf', text)
  const args = ['--conf-file=/var/etc/dnsmasq.conf', '--log-facility=-', '--pid-file=/run/dnsmasq.pid']
  startService({ command: 'dnsmasq', args, onLine: tell(log, 'dnsmasq'), restartAfterMs: 1000 })
}

function startDhcpd(config: ApplianceConfig, log: SystemLog): void {
  mkdirSync('/etc/dhcp', { recursive: true })
  mkdirSync('/var/lib/dhcp', { recursive: true })
  mkdirSync('/run/dhcp-server', { recursive: true })
  writeFileSync('/etc/dhcp/dhcpd.conf', renderDhcpd(config))
  if (!existsSync(dhcpdLeaseFile)) writeFileSync(dhcpdLeaseFile, '')
  const files = ['-cf', '/etc/dhcp/dhcpd.conf', '-lf', dhcpdLeaseFile, '-pf', '/run/dhcp-server/dhcpd.pid']
  const devices = config.dhcpServers.map(({ device }) => device)
  const args = ['-4', '-f', '-d', ...files, ...devices]
  startService({ command: 'dhcpd', args, onLine: tell(log, 'dhcpd'), restartAfterMs: 1000 })
}

// Leases and failover; the rest of what they say at their start is for nobody.
function tell(log: SystemLog, name: string): (line: string) => void {
  return (line) => {
    const text = line.replace(/^dnsmasq(-dhcp)?: (\d+ )?/, '')
    if (/^DHCP(DISCOVER|OFFER|REQUEST|ACK|NAK|RELEASE|DECLINE)|failover|fail|error|cannot/i.test(text)) {
      log.program(name, text, daemonInfo)
    }
  }
}
