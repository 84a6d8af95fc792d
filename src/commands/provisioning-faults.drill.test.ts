import { afterEach, expect, test } from 'vitest'
import { shippedLab } from './firedrill.fixture.ts'
import type { Finished } from './firedrill.fixture.ts'
import { useHypervisorSite } from './hypervisor.fixture.ts'

const lab = 'opnsense-single-wan'
const site = useHypervisorSite()

afterEach(async () => {
  await switchesOff()
  await labDown()
})

interface Case {
  fault: object
  /** Progress lines after which the switch is turned on. */
  afterLine?: number
  /** What `lab up` ends with: stands, or unavailable with nothing left, or with something left. */
  code: 0 | 69 | 75
  /** Tried in the full tier only. */
  isLong?: boolean
}

const onCalls = (method: string, path: string, fault: object) => ({ method, path, ...fault })
const lost = { kind: 'lost-reply', when: 'after' }
const refusedForEver = { kind: 'status', status: 595, times: 0 }

const cases: Record<string, Case> = {
  'the reply to a clone is lost': { fault: onCalls('POST', '/clone$', { ...lost, nth: 2 }), code: 0 },
  'the reply to an upload is lost': { fault: onCalls('POST', '/upload$', lost), code: 0, isLong: true },
  'the reply to a configuration is lost': { fault: onCalls('PUT', '/config$', lost), code: 0, isLong: true },
  'the reply to an SDN apply is lost': { fault: onCalls('PUT', '^/cluster/sdn$', lost), code: 0, isLong: true },
  'a clone gets lost before it begins': {
    fault: onCalls('POST', '/clone$', { kind: 'lost-reply', when: 'before' }),
    code: 0,
    isLong: true,
  },
  'no machine can be started': { fault: onCalls('POST', '/status/start$', refusedForEver), code: 69 },
  'no machine can be configured': { fault: onCalls('PUT', '/config$', refusedForEver), code: 69, isLong: true },
  'the pool cannot be made': { fault: onCalls('POST', '^/pools$', refusedForEver), code: 69, isLong: true },
  'a clone is answered by a page of HTML': {
    fault: onCalls('POST', '/clone$', { kind: 'garbled-reply', body: '<html>', contentType: 'text/html', nth: 3 }),
    code: 0,
    isLong: true,
  },
  'a clone fails': { fault: { kind: 'task-ends', type: 'qmclone', exitStatus: 'got timeout', nth: 2 }, code: 69 },
  'a clone ends with a warning': {
    fault: { kind: 'task-ends', type: 'qmclone', exitStatus: 'WARNINGS: 1' },
    code: 0,
    isLong: true,
  },
  'a clone takes its time': { fault: { kind: 'slow-task', type: 'qmclone', delayMs: 2000 }, code: 0, isLong: true },
  'a start fails': { fault: { kind: 'task-ends', type: 'qmstart', exitStatus: 'got timeout' }, code: 69, isLong: true },
  'the node cannot load the networks': { fault: { kind: 'reload-fails', node: 'pve1' }, code: 69, isLong: true },
  'quorum is lost before': { fault: { kind: 'quorum-lost' }, code: 69, isLong: true },
  'quorum is lost half-way': { fault: { kind: 'quorum-lost' }, afterLine: 4, code: 75 },
  'the node goes down half-way': {
    fault: { kind: 'node-down', node: 'pve1', delayMs: 100 },
    afterLine: 4,
    code: 75,
    isLong: true,
  },
}
const isFull = process.env['FIREDRILL_TIER'] === 'full'
const tried = Object.entries(cases).filter(([, { isLong = false }]) => isFull || !isLong)

test.each(tried)('%s: lab up stands or says in one line why not, and lab down leaves nothing', async (_, each) => {
  const { code, stderr } = await labUpUnder(each)
  expect(code).toBe(each.code)
  expect(stderr.match(/^firedrill: .+/gm) ?? []).toHaveLength(each.code === 0 ? 0 : 1)
  await switchesOff()
  const left = each.code === 69 ? await site.hypervisor.state() : site.before
  expect(left).toEqual(site.before)
  expect(await labDown()).toMatchObject({ code: 0 })
  expect(await site.hypervisor.state()).toEqual(site.before)
  expect(site.place.leftovers()).toEqual([])
})

test.runIf(isFull)(
  'a clone whose worker vanished is named with the command that frees it, and goes after that',
  async () => {
    const up = await labUpUnder({ fault: { kind: 'task-without-verdict', type: 'qmclone', nth: 2 }, code: 75 })
    const [, vmid = ''] = /VM (\d+) .*locked/.exec(up.stderr) ?? []
    expect(up).toMatchObject({ code: 75 })
    const down = await labDown()
    expect(down).toMatchObject({ code: 75 })
    expect(down.stderr).toContain(`VM ${vmid}`)
    site.hypervisor.run('pve1', `qm unlock ${vmid}`)
    expect(await labDown()).toMatchObject({ code: 0 })
    expect(await site.hypervisor.state()).toEqual(site.before)
  },
)

async function labUpUnder({ fault, afterLine = 0 }: Case): Promise<Finished> {
  const on = { isOn: false, done: Promise.resolve() }
  const turnOn = () => {
    on.isOn = true
    on.done = site.hypervisor.call('POST', '/firedrill/faults', { fault }).then(() => undefined)
  }
  if (afterLine === 0) turnOn()
  await on.done
  const run = site.place.start(['lab', 'up', shippedLab, '--target', site.hypervisor.targetFile], (stderr) => {
    if (!on.isOn && stderr.split('\n').length > afterLine) turnOn()
  })
  const finished = await run.done
  await on.done
  return finished
}

const labDown = async () => await site.place.run(['lab', 'down', lab, '--target', site.hypervisor.targetFile])

async function switchesOff(): Promise<void> {
  await site.hypervisor.call('DELETE', '/firedrill/faults')
}
