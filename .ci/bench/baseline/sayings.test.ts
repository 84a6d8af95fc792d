import { expect, it } from 'vitest'
import { fpingSays, pingSays, scriptSays } from './sayings.ts'

it('reads the last lines of ping', () => {
  const said =
    '--- 198.51.100.1 ping statistics ---\n42 packets transmitted, 40 received, 4.7619% packet loss, time 41060ms\n'
  expect(pingSays(said)).toEqual({ sent: 42, lost: 2 })
  expect(pingSays('ping: connect: Network is unreachable')).toBeNull()
})

it('reads the summary of fping, whose outage is its losses times the interval', () => {
  const said = '198.51.100.1 : xmt/rcv/%loss = 211/199/5%, outage(ms) = 2400, min/avg/max = 0.10/0.35/6.72\n'
  expect(fpingSays(said)).toEqual({ sent: 211, lost: 12, outageMs: 2400 })
  expect(fpingSays('198.51.100.1 : xmt/rcv/%loss = 9/0/100%')).toEqual({ sent: 9, lost: 9, outageMs: 0 })
})

const line = (text: string) => `2026-11-21T12:00:00Z ${text}\n`

it("reads the script's log as it stands, its broken count of losses included", () => {
  const log = [
    line('=== Failover Test Starting ==='),
    line('FAIL: Secondary did not promote: '),
    line('PASS: External connectivity maintained'),
    line('Total pings: 181, Lost: 0\n0'),
    line('Failover packet loss: approximately 0\n0 packets'),
  ].join('')
  expect(scriptSays(log)).toEqual({ promoted: false, outsideReached: true, lost: '0\n0' })
})

it('tells nothing of what the script did not come to', () => {
  expect(scriptSays(line('FAIL: CARP VIP unreachable at baseline'))).toEqual({
    promoted: null,
    outsideReached: null,
    lost: null,
  })
})
