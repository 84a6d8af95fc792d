import { expect, test } from 'vitest'
import { lab } from '../analysis/fixture/subject.ts'
import type { Lab } from '../model/lab.ts'
import { toolsOver } from './fake-site.fixture.ts'
import type { FaultTools } from './fault.ts'
import { syncPing } from './sync-ping.ts'

const toolsSaying = (said: string, ran: string[] = []): FaultTools =>
  toolsOver((machine, text) => {
    ran.push(`${machine}: ${text}`)
    return said
  })

const freebsd = `PING 10.103.0.3 (10.103.0.3): 56 data bytes
64 bytes from 10.103.0.3: icmp_seq=0 ttl=64 time=0.412 ms
64 bytes from 10.103.0.3: icmp_seq=1 ttl=64 time=0.180 ms
64 bytes from 10.103.0.3: icmp_seq=1 ttl=64 time=9.180 ms (DUP!)

--- 10.103.0.3 ping statistics ---
50 packets transmitted, 2 packets received, +1 duplicates, 96.0% packet loss
round-trip min/avg/max/stddev = 0.180/3.257/9.180/0.095 ms
`
const linux = `PING 10.103.0.3 (10.103.0.3) 56(84) bytes of data.
64 bytes from 10.103.0.3: icmp_seq=1 ttl=64 time=0.051 ms

--- 10.103.0.3 ping statistics ---
50 packets transmitted, 1 received, 98% packet loss, time 4914ms
rtt min/avg/max/mdev = 0.051/0.051/0.051/0.000 ms
`

const pairLab: Lab = {
  ...lab,
  machines: {
    fw1: { image: 'x', nics: { lan: '10.102.0.2/24', sync: '10.103.0.2/24' } },
    fw2: { image: 'x', nics: { lan: '10.102.0.3/24', sync: ['10.103.0.3/24', 'fd00::3/64'] } },
  },
  pair: { ...lab.pair, stateSync: { network: 'sync' } },
}
const prepare = async (node: string, tools: FaultTools, given = pairLab) =>
  syncPing.prepare?.({ machines: [node], params: { on: node } }, given, tools) ?? { machines: [], params: {} }

test('the other firewall is pinged on the network of state sync, and each answer counts once', async () => {
  const ran: string[] = []
  const tools = toolsSaying(freebsd, ran)
  const aim = await prepare('fw1', tools)
  expect(await syncPing.roundTrips?.(aim, tools)).toEqual({
    node: 'fw1',
    address: '10.103.0.3',
    sent: 50,
    rttsMs: [0.412, 0.18],
  })
  expect(ran).toEqual(['fw1: ping -c 50 -i 0.1 10.103.0.3 || :'])
})

test('the lines of Linux are understood, too', async () => {
  const tools = toolsSaying(linux)
  expect(await syncPing.roundTrips?.(await prepare('fw1', tools), tools)).toMatchObject({ rttsMs: [0.051] })
})

test('a ping that did not run is no proven beginning', async () => {
  const tools = toolsSaying('ping: not found')
  expect(await syncPing.verifyBegun(await prepare('fw2', tools), tools)).toEqual({
    proven: false,
    evidence: 'fw2 cannot ping 10.103.0.2',
  })
})

test('who is no firewall of the pair has no other one', async () => {
  await expect(prepare('client', toolsSaying(''))).rejects.toThrow(
    'expected a firewall of the pair, got client, for sync-ping',
  )
})
