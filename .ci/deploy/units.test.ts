import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const project = join(import.meta.dirname, '../..')
const units = join(project, 'deploy/systemd')
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
const folder = mkdtempSync(join(tmpdir(), 'firedrill-units-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (file: string) => readFileSync(join(units, file), 'utf8')
const settings = (file: string) => new Set(read(file).split('\n'))

describe('the service', () => {
  it('takes no exit code but 0 for success, and waits for the undo', () => {
    const service = settings('firedrill.service')
    expect(service).toContain('SuccessExitStatus=0')
    expect(service).toContain('KillMode=mixed')
    expect(service).toContain('TimeoutStopSec=5min')
  })

  it('undoes before it starts and after it was killed', () => {
    const undo = '/opt/firedrill/node_modules/.bin/node /opt/firedrill/src/cli.ts recover'
    expect(settings('firedrill.service')).toContain(`ExecStartPre=${undo}`)
    expect(settings('firedrill.service')).toContain(`ExecStopPost=${undo}`)
  })

  it('starts programs and shows pages that exist', () => {
    const named = [...read('firedrill.service').matchAll(/\/opt\/firedrill\/([\w./-]+)/g)].map(([, path = '']) => path)
    expect(named.filter((path) => !existsSync(join(project, path)))).toEqual([])
  })
})

it('the embedded lab starts from all capabilities and gives up some, instead of from the none of the service', () => {
  expect(read('embedded.conf')).toMatch(/^CapabilityBoundingSet=~\nCapabilityBoundingSet=~CAP_SYS_TIME /m)
})

it('the timer makes up for a month that the machine slept through', () => {
  expect(settings('firedrill.timer')).toContain('Persistent=true')
})

/** Without systemd on this machine these are skipped, which the test run says. */
describe.runIf(hasSystemd)('systemd-analyze', () => {
  function analyze(args: string[], isEmbedded: boolean): { code: number | null; said: string } {
    const own = join(folder, isEmbedded ? 'embedded' : 'target')
    mkdirSync(join(own, 'firedrill.service.d'), { recursive: true })
    for (const file of ['firedrill.service', 'firedrill.timer'])
      writeFileSync(join(own, file), read(file).replaceAll('/opt/firedrill', project))
    if (isEmbedded) writeFileSync(join(own, 'firedrill.service.d/embedded.conf'), read('embedded.conf'))
    const ended = spawnSync('systemd-analyze', [...args, './firedrill.service'], { cwd: own, encoding: 'utf8' })
    return { code: ended.status, said: ended.stdout + ended.stderr }
  }

  it('finds a planted mistake, so that its silence means something', () => {
    const own = join(folder, 'planted')
    mkdirSync(own)
    writeFileSync(join(own, 'planted.service'), read('firedrill.service').replace('KillMode=mixed', 'KilMode=mixed'))
    const ended = spawnSync('systemd-analyze', ['verify', './planted.service'], { cwd: own, encoding: 'utf8' })
    expect(ended.stderr).toContain("'KilMode'")
  })

  it.each([false, true])('verifies service and timer (embedded: %s)', (isEmbedded) => {
    const { code, said } = analyze(['verify', './firedrill.timer'], isEmbedded)
    expect(said).toBe('')
    expect(code).toBe(0)
  })

  it('finds the service for a target little exposed (at most 2.0 of 10)', () => {
    const { code, said } = analyze(['security', '--offline=true', '--threshold=20', '--no-pager'], false)
    expect(said).toContain('Overall exposure level for firedrill.service')
    expect(code).toBe(0)
  })
})
