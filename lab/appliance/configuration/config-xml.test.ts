import { describe, expect, it } from 'vitest'
import { readConfigXml } from './config-xml.ts'
import { defaultConfig } from './default-config.ts'

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== harness'

// As the harness writes it for a node of the first source document, with a management NIC; parts that are not read are left out.
const file = `<?xml version="1.0"?>
<opnsense>
  <theme>opnsense</theme>
  <firedrill><lab>opnsense-single-wan</lab><machine>fw2</machine><wanhook>1</wanhook></firedrill>
  <system>
    <hostname>fw2</hostname>
    <domain>opnsense-single-wan.internal</domain>
    <user>
      <name>root</name>
      <authorizedkeys>${Buffer.from(`${key}\n`).toString('base64')}</authorizedkeys>
      <apikeys><item><key>a2V5</key><secret>$6$salt$hash</secret></item></apikeys>
    </user>
    <ssh><enabled>enabled</enabled><permitrootlogin>1</permitrootlogin></ssh>
  </system>
  <interfaces>
    <wan><enable>1</enable><if>vtnet0</if><descr>WAN</descr><ipaddr>dhcp</ipaddr></wan>
    <lan><enable>1</enable><if>vtnet1</if><descr>LAN</descr><ipaddr>10.102.0.3</ipaddr><subnet>24</subnet></lan>
    <opt1><enable>1</enable><if>vtnet2</if><descr>SYNC</descr><ipaddr>10.103.0.3</ipaddr><subnet>24</subnet></opt1>
    <opt2><enable>1</enable><if>vtnet3</if><descr>MGMT</descr><ipaddr>dhcp</ipaddr></opt2>
    <lo0><internal_dynamic>1</internal_dynamic><if>lo0</if><enable>1</enable></lo0>
  </interfaces>
  <virtualip version="1.0.0">
    <vip uuid="0b0c"><interface>lan</interface><mode>carp</mode><subnet>10.102.0.1</subnet><subnet_bits>24</subnet_bits>
      <password>p&lt;ss&amp;word</password><vhid>1</vhid><advbase>1</advbase><advskew>100</advskew><descr>LAN VIP</descr></vip>
    <vip><interface>lan</interface><mode>ipalias</mode><subnet>10.102.0.9</subnet><subnet_bits>32</subnet_bits></vip>
  </virtualip>
  <hasync version="1.0.2"><disablepreempt>0</disablepreempt><pfsyncinterface>opt1</pfsyncinterface>
    <pfsyncpeerip>10.103.0.2</pfsyncpeerip></hasync>
</opnsense>
`

describe('config.xml', () => {
  it('tells a node of the pair all that it is', () => {
    const { config, complaints } = readConfigXml(file)
    expect(complaints).toEqual([])
    expect(config.hostId).toMatch(/^[0-9a-f]{8}$/)
    expect(config).toEqual({
      ...defaultConfig,
      hostId: config.hostId,
      hostName: 'fw2',
      domain: 'opnsense-single-wan.internal',
      interfaces: [
        { key: 'wan', description: 'WAN', device: 'vtnet0', address: 'dhcp' },
        { key: 'lan', description: 'LAN', device: 'vtnet1', address: '10.102.0.3/24', aliases: ['10.102.0.9/32'] },
        { key: 'opt1', description: 'SYNC', device: 'vtnet2', address: '10.103.0.3/24' },
        { key: 'opt2', description: 'MGMT', device: 'vtnet3', address: 'dhcp' },
      ],
      vips: [
        {
          mode: 'carp',
          device: 'vtnet1',
          vhid: 1,
          address: '10.102.0.1/24',
          advbase: 1,
          advskew: 100,
          password: 'p<ss&word',
          description: 'LAN VIP',
        },
      ],
      preempt: true,
      pfsync: { device: 'vtnet2', peer: '10.103.0.2' },
      wanHook: true,
      sshServer: true,
      authorizedKeys: [key],
    })
  })

  it('without marker, pfsync, keys and with preemption disabled says so', () => {
    const bare = change(['<wanhook>1</wanhook>', ''], ['<pfsyncinterface>opt1</pfsyncinterface>', ''])
    expect(bare.config).not.toHaveProperty('pfsync')
    expect(bare.config.wanHook).toBe(false)
    expect(change(['<disablepreempt>0', '<disablepreempt>1']).config.preempt).toBe(false)
    expect(change(['<name>root', '<name>other']).config.authorizedKeys).toEqual([])
  })

  it('takes keys in clear too, and nothing that is no key', () => {
    const encoded = Buffer.from(`${key}\n`).toString('base64')
    expect(change([encoded, `${key}\r\ncommand="x" ${key}`]).config.authorizedKeys).toEqual([key])
    expect(change([encoded, '%%%']).config.authorizedKeys).toEqual([])
  })

  it('lets a VHID have two addresses, and its number be used on another interface', () => {
    const second = (on: string) => {
      const inner = `<interface>${on}</interface><mode>carp</mode><subnet>10.102.0.4</subnet><subnet_bits>24</subnet_bits>`
      return `<vip>${inner}<vhid>1</vhid><advbase>1</advbase><advskew>0</advskew><password/></vip></virtualip>`
    }
    expect(change(['</virtualip>', second('lan')]).config.vips).toHaveLength(2)
    expect(change(['</virtualip>', second('opt1')]).config.vips).toHaveLength(2)
  })

  it.each([
    ['<vhid>1<', '<vhid>256<', 'virtualip.vip.vhid: expected a number from 1 to 255, got "256"'],
    ['<advskew>100<', '<advskew>-1<', 'virtualip.vip.advskew: expected a number from 0 to 254, got "-1"'],
    ['<interface>lan<', '<interface>dmz<', 'virtualip.vip.interface: expected one of lan, opt1, got "dmz"'],
    ['<interface>lan<', '<interface>wan<', 'virtualip.vip.interface: expected one of lan, opt1, got "wan"'],
    ['>10.103.0.3<', '>10.103.0.300<', 'interfaces.opt1.ipaddr: expected an IPv4 address, got "10.103.0.300"'],
    ['>vtnet1<', '>vtnet1; reboot<', 'interfaces.lan.if: expected an interface like vtnet0, got "vtnet1; reboot"'],
    ['>10.103.0.2<', '><', 'hasync.pfsyncpeerip: expected an IPv4 address, got ""'],
    ['>fw2</hostname', '>a b</hostname', 'system.hostname: expected letters, digits and dashes, got "a b"'],
  ])('leaves out a part that cannot be: %s made %s', (from, to, complaint) => {
    const { config, complaints } = change([from, to])
    expect(complaints).toContain(complaint)
    expect(config.interfaces[0]).toEqual({ key: 'wan', description: 'WAN', device: 'vtnet0', address: 'dhcp' })
  })

  it.each(['', 'not XML', '<vyos/>', file.slice(0, 900)])(
    'is the factory configuration where it is none: %j',
    (text) => {
      const { config, complaints } = readConfigXml(text)
      expect(config).toEqual(defaultConfig)
      expect(complaints).toEqual([expect.stringMatching(/^config\.xml: .*; the factory's configuration is used$/)])
    },
  )

  it('leaves out what is on a NIC that the machine does not have', () => {
    const devices = ['lo', 'vtnet0', 'vtnet1', 'vtnet2', 'vtnet3']
    expect(readConfigXml(file, { devices })).toEqual(readConfigXml(file))
    const { config, complaints } = readConfigXml(file, { devices: ['lo', 'vtnet0'] })
    expect(config).toMatchObject({ hostName: 'fw2', interfaces: [{ key: 'wan' }], vips: [] })
    expect(config).not.toHaveProperty('pfsync')
    expect(complaints[0]).toBe('interfaces.lan.if: expected one of vtnet0, got "vtnet1"')
  })

  it('of the other product is none', () => {
    const { config, complaints } = readConfigXml(file, { flavour: 'pfsense' })
    expect(config).toEqual(defaultConfig)
    expect(complaints[0]).toContain('expected the root element pfsense, got opnsense')
  })
})

function change(...replacements: [string, string][]): ReturnType<typeof readConfigXml> {
  return readConfigXml(replacements.reduce((text, [from, to]) => text.replace(from, to), file))
}
