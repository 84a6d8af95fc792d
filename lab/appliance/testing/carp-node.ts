import { writeSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import type { ApplianceConfig } from '../config.ts'
import { defaultConfig } from '../configuration/default-config.ts'
import { startCarp } from '../carp/start-carp.ts'
import { isInet6 } from '../net/address.ts'
import { startIpShell } from '../net/ip-shell.ts'

/**
 * CARP alone, for drills: `carp-node.ts <address> <skew> [VIP,...] [peer,...]`, VHID 1 on vtnet1; all VIPs but the first
 * are aliases. Prints the kernel's lines as they come.
 */
const [address = '', skew = '0', vips = '10.102.0.1/24', peers = ''] = process.argv.slice(2)
const [peer, peer6] = [(each: string) => !isInet6(each), isInet6].map((fits) =>
  peers.split(',').filter(Boolean).find(fits),
)

const config: ApplianceConfig = {
  ...defaultConfig,
  hostName: 'drill',
  domain: 'localdomain',
  hostId: '00000001',
  flavour: 'opnsense',
  release: '25.7',
  interfaces: [{ key: 'lan', description: 'LAN', device: 'vtnet1', address: `${address}/24` }],
  vips: vips.split(',').map((vip, at) => ({
    mode: at === 0 ? ('carp' as const) : ('ipalias' as const),
    device: 'vtnet1',
    vhid: 1,
    address: vip,
    advbase: 1,
    advskew: Number(skew),
    password: 'firedrill',
    description: 'LAN VIP',
    ...(peer !== undefined && { peer }),
    ...(peer6 !== undefined && { peer6 }),
  })),
  preempt: true,
  wanHook: false,
  sshServer: false,
  authorizedKeys: [],
  defects: [],
}

const say = (line: string) => writeSync(1, `${line}\n`)
const { speaker, vhids, attach } = await startCarp(config, {
  shell: startIpShell(say),
  log: say,
  notify: () => undefined,
  isUp: () => true,
  macOf: (device) => networkInterfaces()[device]?.[0]?.mac ?? '00:00:00:00:00:00',
  nowMs: () => performance.now(),
})
for (const vhid of vhids) attach(vhid)
speaker.apply({ kind: 'preempt', preempt: true })
