import { expect, test } from 'vitest'
import { drillAlone } from './split-brain.fixture.ts'

const scenario = `scenario: cable-without-preemption
question: Where are the addresses of a pair without preemption after a cable was pulled and plugged in again?
red: Nobody says that traffic goes in by one firewall and out by the other.
lab: opnsense-no-preempt
gate: { cleanFor: 2s, settleWithin: 15s }
probes:
  outside: { ping: { from: client, to: target, every: 100ms } }
steps:
  - { name: pulled, fault: { link-down: { on: $master, network: lan } }, recoverWithin: 12s }
  - { name: plugged, heal: pulled, recoverWithin: 8s }
expect:
  - { metric: pulled.mixedRole, stream: pair, min: 1s, because: the LAN address moves and the WAN address stays }
`

test('without preemption a pulled cable leaves the addresses on different nodes, and the report says so', async () => {
  const { result, leftovers } = await drillAlone(scenario, () => Promise.resolve(), AbortSignal.timeout(240_000))
  const said = result.findings.map(({ verdict, message }) => `${verdict} ${message}`)
  expect(said).toContainEqual(
    expect.stringMatching(
      /^pass pulled: they were on different firewalls for .*; without preemption nothing brings them together$/,
    ),
  )
  expect(said).toContainEqual(
    expect.stringMatching(/different nodes are master for different VHIDs: fw2 of VHID 147, fw1 of VHID 148/),
  )
  expect(result.verdict).toBe('fail')
  expect(leftovers).toEqual([])
})
