import { beforeEach, expect, test } from 'vitest'
import { play, toolsOver } from './fake-site.fixture.ts'

let entries: Map<string, { mac: string; isKept: boolean }>
let option: string | null

beforeEach(() => {
  entries = new Map([['10.101.0.2', { mac: 'bc:24:11:00:00:01', isKept: false }]])
  option = null
})

/** The provider's box: its ARP table and its DHCP server. */
function answer(_: string, command: string): string {
  const [, verb, address = ''] = /^ip neigh (replace|del) (\S+)/.exec(command) ?? []
  const entry = entries.get(address)
  if (entry !== undefined) entry.isKept = verb === 'replace'
  if (command.startsWith('ip -4 neigh')) return shown(command.endsWith('permanent'))
  if (command.includes("printf '%s"))
    option = /'(dhcp-(?:ignore=|reply-delay=|authoritative)[^']*)/.exec(command)?.[1] ?? null
  if (command.startsWith('xargs firedrill-isp')) option = null
  return command.startsWith('grep') ? `${option ?? ''}\nserver 39\nwritten 100 started 101\n` : ''
}

const shown = (onlyKept: boolean): string =>
  [...entries]
    .filter(([, { isKept }]) => isKept || !onlyKept)
    .map(([address, { mac, isKept }]) => `${address} dev eth0 lladdr ${mac} ${isKept ? 'PERMANENT' : 'STALE'} \n`)
    .join('')

test('the provider keeps the MACs that it knows, and forgets them again', async () => {
  const aim = { on: 'isp', network: 'wan' }
  expect(await play('isp-stale-arp', aim, toolsOver(answer))).toMatchObject({ begun: true, healed: true })
  expect((await play('isp-stale-arp', aim, toolsOver(answer), false)).begun).toBe(false)
  entries.clear()
  await expect(play('isp-stale-arp', aim, toolsOver(answer))).rejects.toThrow('to know a MAC on wan, came none')
})

test.each([{ mode: 'silent' }, { mode: 'slow', seconds: 20 }, { mode: 'nak' }])(
  'a DHCP server that is %j runs so, and as before again',
  async (how) => {
    const aim = { on: 'isp', ...how }
    expect(await play('dhcp-server', aim, toolsOver(answer))).toMatchObject({ begun: true, healed: true })
    expect((await play('dhcp-server', aim, toolsOver(answer), false)).begun).toBe(false)
  },
)

test('a service hangs when all its processes stand still, and goes on', async () => {
  let state = 'S'
  const shell = (_: string, command: string): string => {
    if (command.startsWith('pkill')) state = command.includes('STOP') ? 'T' : 'S'
    return command.startsWith('for p') ? `${state}\n${state}s\n` : ''
  }
  const aim = { on: 'fw1', service: 'dnsmasq' }
  expect(await play('service-hang', aim, toolsOver(shell))).toMatchObject({ begun: true, healed: true })
  expect((await play('service-hang', aim, toolsOver(shell), false)).begun).toBe(false)
  expect(
    (
      await play(
        'service-hang',
        aim,
        toolsOver(() => ''),
      )
    ).begun,
  ).toBe(false)
})
