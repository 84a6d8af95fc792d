import type { Account } from '../accounts/accounts.ts'
import { hasFeature } from './release.ts'

/** The addresses that each privilege opens, as OPNsense's ACL files list them; `*` stands for anything, a last one may be missing with its slash. */
const patterns: Readonly<Record<string, readonly string[]>> = {
  'page-all': ['*'],
  'page-system-hasync': ['ui/core/hasync', 'api/core/hasync/*'],
  'page-status-habackup': ['ui/core/hasync_status', 'api/core/hasync_status/*'],
  'page-status-interfaces': ['ui/interfaces/overview', 'api/interfaces/overview/*'],
  'page-diagnostics-showstates': [
    'ui/diagnostics/firewall/states*',
    'api/diagnostics/firewall/query_states',
    'api/diagnostics/firewall/query_states/*',
    'api/diagnostics/firewall/del_state/*',
    'api/diagnostics/firewall/kill_states',
    'api/diagnostics/firewall/kill_states/*',
    'api/diagnostics/firewall/flush_states',
    'api/diagnostics/interface/get_interface_names',
  ],
  'page-diagnostics-pf-info': ['ui/diagnostics/firewall/statistics*', 'api/diagnostics/firewall/pf_statistics*'],
  'page-diagnostics-netstat': [
    'ui/diagnostics/netstat',
    'api/diagnostics/interface/get_protocol_statistics*',
    'api/diagnostics/interface/get_interface_statistics*',
  ],
  'page-system-login-logout': [
    'ui/core/dashboard',
    'api/diagnostics/firewall/pf_states',
    'api/diagnostics/system/system_information',
    'api/diagnostics/system/system_time',
    'api/core/system/status',
  ],
  'page-diagnostics-logs-system': ['ui/diagnostics/log/core/system', 'api/diagnostics/log/core/system/*'],
  'page-diagnostics-rebootsystem': ['ui/core/reboot', 'api/core/system/*'],
  'page-diagnostics-haltsystem': ['ui/core/halt', 'api/core/system/*'],
  'page-system-firmware-manualupdate': ['ui/core/firmware*', 'api/core/firmware/*'],
  'page-services-dnsmasq-leases': ['ui/dnsmasq/leases', 'api/dnsmasq/leases/*'],
  'page-dhcp-kea-v4': ['ui/kea/dhcp/*', 'api/kea/*'],
  'page-status-dhcpleases': ['ui/dhcpv4/leases', 'api/dhcpv4/leases/*'],
}

const carpStatus = [
  'ui/diagnostics/interface/vip',
  'api/diagnostics/interface/get_vip_status',
  'api/diagnostics/interface/get_pfsync_nodes',
  'api/diagnostics/interface/carp_status',
]

/** Whether the account may ask for an address. Case counts, and the address is taken as sent, with its query string. */
export function mayAsk({ privileges }: Account, url: string, release: string): boolean {
  return [...privileges].some((privilege) => patternsOf(privilege, release).some((pattern) => matches(pattern, url)))
}

function patternsOf(privilege: string, release: string): readonly string[] {
  if (privilege !== 'page-status-carp') return Object.hasOwn(patterns, privilege) ? (patterns[privilege] ?? []) : []
  const verbs = 'api/diagnostics/interface/carp_status/*'
  return hasFeature(release, 'carpStatusVerbs') ? [...carpStatus, verbs] : carpStatus
}

function matches(pattern: string, url: string): boolean {
  const source = pattern
    .replace(/[.?+^$(){}|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replace(/\/\.\*$/, '(/.*)?')
  return new RegExp(`^/${source}$`).test(url)
}
