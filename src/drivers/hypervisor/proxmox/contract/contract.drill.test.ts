import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmbeddedLab, startEmbeddedLab } from '../fixture/embedded-lab.ts'

const root = join(import.meta.dirname, '../../../../..')
const isFull = process.env['FIREDRILL_TIER'] === 'full'
/** Of each release, what it cannot be asked because the other one has it. */
const releases = [
  ['9.1', 'because the SDN lock of release 9.0 is tested instead'],
  ...(isFull ? [['8.4', 'because the SDN lock came with release 9.0']] : []),
]

let lab: EmbeddedLab

beforeAll(async () => {
  lab = await startEmbeddedLab()
})

afterAll(async () => await lab.end())

it.each(releases)(
  'holds on the embedded hypervisor of release %s, every case, and leaves nothing',
  async (release, reason) => {
    await using hypervisor = await ofRelease(release ?? '')
    const { code, output } = await suite(['--storage', 'local', '--bridge', 'vmbr0'], hypervisor.lab).end
    const lines = output.split('\n')
    expect(lines.filter((line) => /^(FAILED|UNKNOWN)/.test(line))).toEqual([])
    const omitted = lines.filter((line) => line.startsWith('not run'))
    expect(omitted.filter((line) => !line.includes(reason ?? ''))).toEqual([])
    expect(omitted.length).toBeGreaterThan(0)
    expect(output).toContain('left behind: nothing')
    expect(output).toMatch(/endpoints of the driver exercised: [34]\d of \d+/)
    expect(complaintsOf(output)).toEqual([])
    expect(code).toBe(0)
  },
)

/** What the comparison with the official schema complains of; nothing where the schema is not here. */
function complaintsOf(output: string): string[] {
  if (output.includes('official schema: not here')) return []
  const wanted = [
    /requests: \d{3,} valid against the official schema, \d wrong on purpose and refused, 0 invalid/,
    / 0 without either, 0 unreadable/,
    /of them unexplained: 0/,
  ]
  return wanted.filter((line) => !line.test(output)).map((line) => `expected ${String(line)} in:\n${output}`)
}

async function ofRelease(release: string) {
  if (release === '9.1') return { lab, [Symbol.asyncDispose]: async () => {} }
  const other = await startEmbeddedLab('--release', release)
  return { lab: other, [Symbol.asyncDispose]: async () => await other.end() }
}

it('an interruption still removes everything', async () => {
  const { child, end, seen } = suite([])
  await seen('a VM that is off takes a new configuration at once')
  child.kill('SIGINT')
  const { code, output } = await end
  expect(output).toContain('left behind: nothing')
  expect(code).toBe(130)
})

it.each([
  ['a range that holds something else', ['--vmids', '9000-9009'], 69, /VMID \d+ is taken by firedrill-/],
  ['a certificate that is not the pinned one', ['--fingerprint', `${'00:'.repeat(31)}00`], 69, /certificate/],
  ['a node that is not there', ['--node', 'pve9'], 69, /expected node pve9 to be online, came no such node/],
  ['a storage that is not there', ['--storage', 'nope'], 69, /cannot read storage nope/],
  ['a command line without a range', ['--vmids', '9900'], 64, /expected --vmids A-B/],
])('refuses %s before anything is made', async (_, options, expected, text) => {
  const { code, output } = await suite(options).end
  expect(output).toMatch(text)
  expect(output).not.toMatch(/^ok /m)
  expect(code).toBe(expected)
})

/** Runs the suite as a program of its own; options given last win. */
function suite(options: string[], on = lab) {
  const { tokenFile, target } = on
  const { url, fingerprint = '', node } = target
  const usual = [
    '--url',
    url,
    '--fingerprint',
    fingerprint,
    '--token-file',
    tokenFile,
    '--node',
    node,
    '--vmids',
    '9900-9903',
  ]
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...usual, ...options], { cwd: root })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const end = once(child, 'close').then(([code]: unknown[]) => ({ code, output }))
  const seen = async (text: string) => {
    while (!output.includes(text)) await Promise.race([once(child.stdout, 'data'), end])
  }
  return { child, end, seen }
}
