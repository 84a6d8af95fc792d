import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

const root = join(import.meta.dirname, '../../../../..')
const target = z.object({ url: z.string(), fingerprint: z.string(), node: z.string(), tokenFile: z.string() })

interface Lab extends z.output<typeof target> {
  child: ChildProcess
  folder: string
}

let lab: Lab

beforeAll(async () => {
  lab = await startEmptyLab()
})

afterAll(async () => {
  const ended = once(lab.child, 'close')
  lab.child.stdin?.end()
  const [code] = z.tuple([z.unknown(), z.unknown()]).parse(await ended)
  await rm(lab.folder, { recursive: true, force: true })
  if (code !== 0) throw new Error(`expected the lab to end with 0, came ${String(code)}`)
})

it('holds on the embedded hypervisor, every case, and leaves nothing', async () => {
  const { code, output } = await suite(['--storage', 'local', '--bridge', 'vmbr0']).end
  const lines = output.split('\n')
  expect(lines.filter((line) => /^(FAILED|UNKNOWN)/.test(line))).toEqual([])
  expect(lines.filter((line) => line.startsWith('not run'))).toEqual([
    expect.stringContaining('because the SDN lock of release 9.0 is tested instead'),
  ])
  expect(output).toContain('left behind: nothing')
  expect(output).toMatch(/endpoints of the driver exercised: 4\d of \d+/)
  if (output.includes('official schema: not here')) return
  expect(output).toMatch(
    /requests: \d{3,} valid against the official schema, \d wrong on purpose and refused, 0 invalid/,
  )
  expect(output).toMatch(/ 0 without either, 0 unreadable/)
  expect(output).toContain('of them unexplained: 0')
  expect(code).toBe(0)
})

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
function suite(options: string[]) {
  const { url, fingerprint, node, tokenFile } = lab
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

async function startEmptyLab(): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-contract-'))
  const files = ['--topology', join(root, 'lab/topologies/opnsense-single-wan.yaml'), '--state', join(folder, 'state')]
  const child = spawn(process.execPath, [join(root, 'lab/embedded/main.ts'), ...files, '--empty'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [file] = z.tuple([z.string()]).parse(await once(createInterface(child.stdout), 'line'))
  return { ...target.parse(JSON.parse(readFileSync(file, 'utf8'))), child, folder }
}
