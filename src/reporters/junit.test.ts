import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasXmllint, schemaSays } from './fixture/jenkins.ts'
import { failingResult, namedResult, passingResult, unknownResult } from './fixture/result.ts'
import { renderJunit } from './junit.ts'

describe('what CI counts', () => {
  it('a pass has no failure and no error, and a warning is a passing case that says it does not decide', () => {
    const xml = renderJunit([passingResult()])
    expect(xml).toContain('<testsuite name="master-power-off" tests="5" failures="0" errors="0"')
    expect(xml).toMatch(
      /<system-out>Warning only, does not decide the verdict \(fail\): failover\.stall of shell: 3\.60 s, limit/,
    )
    expect(xml).not.toMatch(/<failure|<error/)
  })

  it('a fail is a failure whose message is complete by itself', () => {
    const xml = renderJunit([failingResult()])
    expect(xml).toContain('failures="2" errors="0"')
    expect(xml).toMatch(
      /<failure type="expectation" message="failover\.sessionsAlive of held: 0 \(session 1 was reset 4\.10 s after the fault\), limit at least 1 \(because state sync is on\)/,
    )
  })

  it('unknown is an error', () => {
    expect(renderJunit([unknownResult()])).toMatch(
      /failures="0" errors="1"[\s\S]*<error type="expectation" message="failover\.outage of outside is unknown/,
    )
  })

  it('a run that judged nothing is an error too', () => {
    expect(renderJunit([{ ...unknownResult(), findings: [] }])).toMatch(
      /tests="1" failures="0" errors="1"[\s\S]*<error type="verdict"/,
    )
  })
})

it('has a suite per result and a class name of lab and scenario', () => {
  const xml = renderJunit([passingResult(), failingResult()])
  expect(xml.match(/<testsuite /g)).toHaveLength(2)
  expect(xml).toContain('<testsuites name="firedrill" tests="9" failures="2" errors="0" time="202.500">')
  expect(xml).toContain('classname="opnsense-single-wan.master-power-off"')
})

it('carries the identity of the run as properties and the claims as text', () => {
  const xml = renderJunit([passingResult()])
  for (const name of [
    'run.id',
    'run.started',
    'run.ended',
    'tool',
    'hypervisor',
    'firewall.fw1',
    'firewall.fw2',
    'lab',
    'seed',
    'scenario.sha256',
    'recording.sha256',
  ])
    expect(xml).toContain(`<property name="${name}" value="`)
  expect(xml).toContain('claim "I saw only one dropped packet": not met')
})

it('holds only characters of XML 1.0 and no markup of others, for any text', () => {
  const tags = count(renderJunit([namedResult('words')]), '<')
  const run = fc.property(fc.string({ unit: 'binary', minLength: 1 }), (words) => {
    const xml = renderJunit([namedResult(`a${words}`)])
    expect(xml).toMatch(/^[\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u)
    expect(count(xml, '<')).toBe(tags)
  })
  fc.assert(run, { numRuns: 50 })
})

it('is valid against the Jenkins schema, whatever the texts contain', ({ skip }) => {
  skip(!hasXmllint(), 'xmllint is not installed (Debian: libxml2-utils)')
  const named = fc.sample(fc.string({ unit: 'binary' }), 30).map(namedResult)
  const xml = renderJunit([passingResult(), failingResult(), unknownResult(), ...named])
  expect(schemaSays(xml)).toBe('- validates')
})

it('the schema finds what is wrong', ({ skip }) => {
  skip(!hasXmllint(), 'xmllint is not installed (Debian: libxml2-utils)')
  expect(schemaSays('<testsuites><testcase/></testsuites>')).toMatch(/testcase.*not expected[\s\S]*fails to validate/)
})

const count = (text: string, sign: string): number => text.split(sign).length - 1
