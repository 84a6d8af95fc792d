import { createHash } from 'node:crypto'
import { defaultConfig } from '../configuration/default-config.ts'
import { type XmlElement, parseXml } from '../configuration/xml.ts'
import type { State } from '../commands/state-text.ts'
import type { CarpVip } from '../control/carp-control.ts'
import type { Control, LogEntry } from '../control/control.ts'
import { opnsenseSite } from './opnsense/site.ts'
import { pfsenseSite } from './pfsense/site.ts'
import type { Site } from './exchange.ts'
import type { WebFirewall } from './firewall.ts'
import type { Lease } from './leases.ts'
import { configText } from './accounts.fixture.ts'

const ifconfig = `vtnet1: flags=1008943<UP,BROADCAST,RUNNING,PROMISC,SIMPLEX,MULTICAST,LOWER_UP> metric 0 mtu 1500
\tether bc:24:11:00:00:01
\tinet 192.168.1.2 netmask 0xffffff00 broadcast 192.168.1.255
\tinet 192.168.1.254 netmask 0xffffff00 broadcast 192.168.1.255 vhid 1
\tcarp: MASTER vhid 1 advbase 1 advskew 0
\t      peer 224.0.0.18 peer6 ff02::12
\tstatus: active
`

const info = `Status: Enabled for 0 days 00:00:38           Debug: Urgent

State Table                          Total             Rate
  current entries                       27
  searches                           14195          373.6/s
Counters
  match                                 12            0.3/s
`

const netstat = `carp:
\t10 packets received (IPv4)
\t\t2 discarded for bad authentication
\t30 packets sent (IPv4)
`

const state: State = {
  family: 'inet',
  ageSeconds: 61,
  packets: [10, 12],
  bytes: [1000, 9000],
  proto: 'tcp',
  source: '192.168.1.50:40000',
  destination: '203.0.113.9:443',
  translated: '203.0.113.4:61000',
  state: 'ESTABLISHED:ESTABLISHED',
  id: '00000000000000a1',
  creator: 'ab12cd34',
  expiresSeconds: 86_000,
}

const vip: CarpVip = {
  interface: 'LAN',
  key: 'lan',
  device: 'vtnet1',
  vhid: 1,
  advbase: 1,
  advskew: 0,
  address: '192.168.1.254',
  prefix: 24,
  mode: 'carp',
  description: 'LAN VIP',
  state: 'MASTER',
}

const lease: Lease = {
  endsAtSeconds: 1_795_240_000,
  mac: 'bc:24:11:00:00:50',
  address: '192.168.1.50',
  hostName: 'client',
  device: 'vtnet1',
  key: 'lan',
  description: 'LAN',
}

/** A firewall of literals: what it was told to do is in `done`, and can be changed through `live`. */
export type FakeFirewall = {
  firewall: WebFirewall
  live: { demotion: number; allow: boolean; maintenance: boolean; vips: CarpVip[]; isBroken: boolean }
  done: string[]
  log: LogEntry[]
  /** Puts the settings of pfSense's REST package into the configuration, with a key of root's. */
  installRestPackage: (methods: string, key: string) => void
  /** Tells the followers of the log. */
  say: (entry: LogEntry) => void
}

export function fakeFirewall(flavour: 'opnsense' | 'pfsense', release: string, defects: string[] = []): FakeFirewall {
  const live: FakeFirewall['live'] = { demotion: 0, allow: true, maintenance: false, vips: [vip], isBroken: false }
  const done: string[] = []
  const log = [entry('14:00:02', 'carp: 1@vtnet1: BACKUP -> MASTER (master timed out)'), entry('14:00:01', 'booting')]
  const followers = new Set<(entry: LogEntry) => void>()
  let root: XmlElement = parseXml(configText)
  const doing =
    (name: string, effect: () => void = () => undefined) =>
    async () => {
      done.push(name)
      effect()
    }
  const control: Control = {
    flavour,
    config: {
      ...defaultConfig,
      flavour,
      release,
      defects: defects.filter((each) => each === 'api-key-revoked'),
      hostName: 'fw1',
      domain: 'lab.internal',
      hostId: 'ab12cd34',
      interfaces: [{ key: 'lan', description: 'LAN', device: 'vtnet1', address: '192.168.1.2/24' }],
      sshServer: true,
    },
    carp: {
      status: () => {
        if (live.isBroken) throw new Error('configd does not answer')
        return { ...live, preempt: true }
      },
      enterMaintenance: doing('enterMaintenance', () => Object.assign(live, { maintenance: true, demotion: 240 })),
      leaveMaintenance: doing('leaveMaintenance', () => Object.assign(live, { maintenance: false, demotion: 0 })),
      disable: doing('disable', () => Object.assign(live, { allow: false })),
      enable: doing('enable', () => Object.assign(live, { allow: true })),
      force: () => undefined,
    },
    filter: {
      isEnabled: () => true,
      enable: doing('pf on'),
      disable: doing('pf off'),
      states: async () => [state],
      kill: async (filter) => done.push(`kill ${filter}`),
      killId: async (id) => id === state.id,
      flush: doing('flush'),
    },
    pfsync: undefined,
    store: {
      read: () => root,
      revision: () => ({ time: '1795237200', username: 'root@192.168.1.5', description: 'x' }),
      change: async (edit, why, who) => {
        root = edit(root)
        done.push(`${who}: ${why}`)
      },
    },
    sync: {
      push: async () => ({ ok: true }),
      accept: async (sections) => void done.push(`accept ${sections.map(({ name }) => name).join(',')}`),
    },
    system: {
      bootedAt: () => new Date('2026-11-21T05:00:00Z'),
      set: () => undefined,
      now: () => new Date('2026-11-21T15:10:07Z'),
      uptimeSeconds: () => 36_607,
      reboot: () => void done.push('reboot'),
      halt: () => void done.push('halt'),
    },
    log: {
      entries: ({ phrase = '', limit } = {}) => log.filter(({ raw }) => raw.includes(phrase)).slice(0, limit),
      follow: (listener) => {
        followers.add(listener)
        return () => followers.delete(listener)
      },
    },
  }
  const outputs: Record<string, string> = { ifconfig, pfctl: info, netstat, configctl: 'OK\n' }
  const firewall: WebFirewall = {
    control,
    run: async (command, args) => {
      if (outputs[command] === undefined) done.push([command, ...args].join(' '))
      return { status: 0, output: outputs[command] ?? '' }
    },
    shell: async (line) => ({ status: line === 'false' ? 1 : 0, output: `ran ${line}\n` }),
    leases: () => [lease],
    releaseFile: '/dev/null',
  }
  const installRestPackage = (methods: string, key: string): void => {
    const keyHash = createHash('sha256').update(key).digest('hex')
    const settings = `<conf><auth_methods>${methods}</auth_methods><keys><item><username>root</username><hash>${keyHash}</hash></item></keys></conf>`
    const part = parseXml(`<installedpackages><package><name>RESTAPI</name>${settings}</package></installedpackages>`)
    root = { ...root, children: [...root.children, part] }
  }
  return {
    firewall,
    live,
    done,
    log,
    installRestPackage,
    say: (each) => followers.forEach((follower) => follower(each)),
  }
}

export function entry(time: string, line: string): LogEntry {
  const at = new Date(`2026-11-21T${time}Z`)
  return { at, facility: 0, severity: 6, process: 'kernel', pid: '', line, raw: `<6>1 ${at.toISOString()} ${line}` }
}

/** A site of a fake firewall. */
export function siteOf({ firewall }: FakeFirewall): Site {
  return firewall.control.flavour === 'pfsense' ? pfsenseSite(firewall) : opnsenseSite(firewall)
}
