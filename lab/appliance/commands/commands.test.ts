import { describe, expect, it } from 'vitest'
import type { Flavour } from '../config.ts'
import { bootNode, memoryStore } from '../control/node.fixture.ts'
import { productFiles } from './product-files.ts'
import { commands } from './registry.ts'
import { createRunner } from './server.ts'

function boot(flavour: Flavour) {
  const node = bootNode(flavour, memoryStore())
  const run = createRunner(node.firewall, commands)
  const say = async (line: string): Promise<string> => {
    const [name = '', ...args] = line.split(' ')
    const { output } = await run(name, args)
    node.firewall.speaker.stop()
    return output
  }
  return { ...node, run, say }
}

describe('pfSense', () => {
  it('plays back its four CARP sessions, maintenance as often as one likes', async () => {
    const { say, firewall } = boot('pfsense')
    expect(await say('pfSsh.php playback enablecarpmaint')).toBe('Enabling CARP maintenance mode...\n')
    await say('pfSsh.php playback enablecarpmaint')
    expect(firewall.control.carp.status().maintenance).toBe(true)
    await say('pfSsh.php playback disablecarpmaint')
    expect(await say('pfSsh.php playback disablecarp')).toBe('Disabling CARP...\n')
    expect(firewall.control.carp.status()).toMatchObject({ maintenance: false, allow: false })
    expect(await say('pfSsh.php playback enablecarp')).toBe('Enabling CARP...\n')
    expect(firewall.control.carp.status().allow).toBe(true)
  })

  it('says that it has stopped CARP by svc, and has done nothing', async () => {
    const { say, firewall } = boot('pfsense')
    const before = firewall.control.carp.status()
    expect(await say('pfSsh.php playback svc stop carp')).toMatch(
      /^Attempting to issue stop to carp service\.\.\.\n[^]*carp has been stopped\.\n$/,
    )
    expect(firewall.control.carp.status()).toEqual(before)
  })

  it('calls its handlers without changing a state', async () => {
    const { say, firewall, lines } = boot('pfsense')
    await say('rc.carpbackup 1@vtnet1')
    expect(lines.at(-1)).toContain(
      'HA cluster member "(10.102.0.1@vtnet1): (VIP)" has resumed CARP state "BACKUP" for vhid 1',
    )
    expect(firewall.speaker.node.vhids[0]?.state).toBe('MASTER')
  })

  it('has its version in a file, and none of the other product’s commands', async () => {
    const { run } = boot('pfsense')
    expect(productFiles({ flavour: 'pfsense', release: '2.8' })['/etc/version']).toBe('2.8.1-RELEASE\n')
    expect(await run('opnsense-version', [])).toMatchObject({ status: 127 })
    expect(await run('configctl', ['interface', 'show', 'carp'])).toMatchObject({ status: 127 })
  })
})

describe('OPNsense', () => {
  it('toggles maintenance by configctl and tells it in JSON', async () => {
    const { say } = boot('opnsense')
    expect(await say('configctl interface carp_set_status maintenance')).toBe(
      '{"status":"ok","action":"enter_maintenance"}\n',
    )
    expect(JSON.parse(await say('configctl interface show carp'))).toEqual({
      demotion: '240',
      allow: '1',
      maintenancemode: true,
      status_msg: '',
    })
    await say('configctl interface carp_set_status maintenance')
    expect(JSON.parse(await say('configctl interface show carp'))).toMatchObject({
      demotion: '0',
      maintenancemode: false,
    })
    expect(await say('configctl no such thing')).toBe('Action not found\n')
  })

  it('warns of a demotion outside maintenance', async () => {
    const { say } = boot('opnsense')
    await say('sysctl net.inet.carp.demotion=240')
    expect(await say('configctl interface show carp')).toContain('CARP has detected a problem')
  })
})

describe('both', () => {
  it('turn pf off and on, and complain where there is nothing to change', async () => {
    const { say, run } = boot('opnsense')
    expect(await say('pfctl -d')).toBe('pf disabled\n')
    expect(await run('pfctl', ['-d'])).toEqual({ status: 1, output: 'pfctl: pf not enabled\n' })
    expect(await say('pfctl -e')).toBe('pf enabled\n')
  })

  it('kill states by address and by id', async () => {
    const { say } = boot('opnsense')
    expect(await say('pfctl -k 10.0.0.5')).toBe('killed 2 states\n')
    expect(await say('pfctl -k id -k a1/ab12cd34')).toBe('killed 1 states\n')
    expect(await say('pfctl -k id -k 00000000000000ff/ab12cd34')).toBe('killed 0 states\n')
  })

  it('count CARP and pfsync in netstat’s words', async () => {
    const { say } = boot('opnsense')
    expect(await say('netstat -s -p carp')).toMatch(
      /^carp:\n\t0 packets received \(IPv4\)\n[^]*\t2 packets sent \(IPv4\)\n/,
    )
    expect(await say('netstat -s -p pfsync')).toMatch(
      /\t\t3 packets discarded for bad version\n[^]*\t1 packet sent \(IPv4\)\n/,
    )
  })

  it('force a state and change a skew by ifconfig, and refuse what makes no sense', async () => {
    const { run, firewall } = boot('opnsense')
    firewall.config.interfaces.push({ key: 'wan', description: 'WAN', device: 'vtnet0', address: '203.0.113.2/28' })
    expect(await run('ifconfig', ['vtnet0', 'vhid', '2', 'state', 'backup'])).toEqual({ status: 0, output: '' })
    expect(await run('ifconfig', ['vtnet1', 'vhid', '1', 'advskew', '254'])).toEqual({ status: 0, output: '' })
    expect(firewall.speaker.node.vhids).toMatchObject([{ advskew: 254 }, { state: 'BACKUP' }])
    firewall.speaker.stop()
    for (const words of ['vhid 9 state backup', 'vhid 1 state init', 'vhid 1', 'vhid 1 advskew 999']) {
      expect((await run('ifconfig', ['vtnet1', ...words.split(' ')])).status).toBe(1)
    }
  })

  it('ask for a bulk update when the device of state sync is set, the same one too', async () => {
    const { run, bulks } = boot('opnsense')
    expect(await run('ifconfig', ['pfsync0', 'syncdev', 'vtnet9'])).toMatchObject({ status: 1 })
    expect(bulks).toEqual([])
    expect(await run('ifconfig', ['pfsync0', 'syncdev', 'vtnet2'])).toEqual({ status: 0, output: '' })
    expect(bulks).toEqual(['bulk'])
  })

  it('step their own clock by date: the boot moves with it, and uptime goes on', async () => {
    const { run } = boot('opnsense')
    const now = async () => (await run('date', ['+%s'])).output.trim()
    const [before, at] = [await now(), Date.parse('2026-07-27T23:23:34Z') / 1000]
    expect((await run('date', ['-f', '%s', String(at), '+%s'])).output.trim()).toBe(String(at))
    expect(Number(await now()) - Number(before)).toBe(3600)
    expect((await run('sysctl', ['-n', 'kern.boottime'])).output).toMatch(/Jul 26 21:20:34 2026/)
    expect((await run('uptime', [])).output).toMatch(/^11:23PM {2}up 1 day, 2:03,/)
    expect((await run('date', ['-f', '%Y', '2026'])).status).toBe(1)
  })

  it('serve their web sites anew by the product’s own program', async () => {
    const { say, lines } = boot('opnsense')
    expect(await say('rc.restart_webgui')).toMatch(/done/)
    expect(lines).toContain('web starts')
  })

  it('tell how long they are up, by their own clock', async () => {
    expect(await boot('opnsense').say('uptime')).toMatch(/^10:23PM {2}up 1 day, 2:03, 0 users, load averages: /)
  })
})
