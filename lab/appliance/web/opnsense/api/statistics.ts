import type { JsonObject } from '../../exchange.ts'
import type { Answer, Call, Routes } from './endpoint.ts'
import { nicJson, parseIfconfig } from '../../ifconfig.ts'

/** What the kernel's programs say of NICs and protocols. */
export const statisticsRoutes: Routes = {
  'diagnostics/interface/get_interface_config': { answer: interfaceConfig },
  'diagnostics/interface/get_protocol_statistics': { answer: protocolStatistics },
}

async function interfaceConfig({ firewall, params: [device] }: Call): Promise<Answer> {
  const nics = parseIfconfig((await firewall.run('ifconfig', [])).output)
  const wanted = nics.filter((nic) => device === undefined || nic.device === device)
  return Object.fromEntries(wanted.map((nic) => [nic.device, nicJson(nic)]))
}

async function protocolStatistics({ firewall }: Call): Promise<Answer> {
  const read = async (protocol: string): Promise<JsonObject> => {
    return countersOf((await firewall.run('netstat', ['-s', '-p', protocol])).output)
  }
  return { statistics: { carp: await read('carp'), pfsync: await read('pfsync') } }
}

/** `netstat`'s words as libxo names them in JSON. */
const names: readonly [RegExp, string][] = [
  [/^packets received \(IPv4\)/, 'received-inet-packets'],
  [/^packets received \(IPv6\)/, 'received-inet6-packets'],
  [/wrong TTL/, 'dropped-wrong-ttl'],
  [/bad ttl/, 'dropped-bad-ttl'],
  [/bad authentication/, 'dropped-bad-authentication'],
  [/bad vhid/, 'dropped-bad-vhid'],
  [/bad address list/, 'dropped-bad-address-list'],
  [/bad version|unknown version/, 'dropped-bad-version'],
  [/bad action/, 'dropped-bad-action'],
  [/bad values/, 'dropped-bad-values'],
  [/stale state/, 'dropped-stale-state'],
  [/failed state lookup/, 'dropped-failed-lookup'],
  [/^packets sent \(IPv4\)/, 'sent-inet-packets'],
  [/^packets sent \(IPv6\)/, 'sent-inet6-packets'],
  [/mbuf memory/, 'send-failed-memory-error'],
  [/send error/, 'send-errors'],
]

function countersOf(text: string): JsonObject {
  const found = [...text.matchAll(/^\s+(\d+) (.+)$/gm)].flatMap(([, count = '', words = '']) => {
    const name = names.find(([pattern]) => pattern.test(words))?.[1]
    return name === undefined ? [] : [[name, Number(count)] as const]
  })
  return Object.fromEntries(found)
}
