import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { shippedScenario, workplace } from './firedrill.fixture.ts'
import type { Workplace } from './firedrill.fixture.ts'
import { readTarget } from './target-file.ts'

const limit = { timeout: 300_000 }
const lab = `safety-${process.pid}`
const targetFile = `/run/firedrill/${lab}/reached.json`
const place = workplace()

beforeAll(async () => {
  const { code, stderr } = await place.run(['lab', 'up', 'opnsense-single-wan', '--name', lab])
  if (code !== 0) throw new Error(stderr)
  const quick = readFileSync(shippedScenario, 'utf8').replace('cleanFor: 5s', 'cleanFor: 500ms')
  place.write('stop.yaml', quick)
  const broken = (fault: string) => quick.replace('vm-stop: { on: $master }', fault)
  place.write('link.yaml', broken('link-down: { on: $master, network: lan }'))
  place.write('drop.yaml', broken('carp-drop: { from: $master, to: $backup }'))
  place.write('maintenance.yaml', broken('carp-maintenance: { on: $master, via: rest }'))
  const hung = '{ after: 100ms, fault: { service-hang: { on: fw1, service: webgui } } }'
  place.write(
    'deaf.yaml',
    broken(`carp-maintenance: { on: fw1, via: rest } }, also: [${hung}`).replace(' }, recover', '], recover'),
  )
}, 120_000)
afterEach(async () => {
  await board('DELETE')
  await place.run(['recover', '--lab', lab])
})
afterAll(async () => {
  await place.run(['lab', 'down', lab])
  place.remove()
})

describe('a runner that is killed while the master is broken', () => {
  test('and never comes back: the node undoes it by itself within its lease', limit, async () => {
    await killedAt('stop.yaml')
    expect(await firewall()).toMatch(/fw1: stopped/)
    await expect.poll(firewall, { timeout: 90_000, interval: 2000 }).toMatch(/fw1: running, VHID 1 MASTER, demotion 0/)
  })

  test('leaves a journal that suffices on another machine, with a target file and nothing else', limit, async () => {
    const journal = await killedAt('link.yaml')
    const elsewhere = workplace()
    try {
      const copy = elsewhere.write('undo.jsonl', readFileSync(journal, 'utf8'))
      const first = await elsewhere.run(['recover', '--journal', copy, '--target', targetFile])
      expect(first).toMatchObject({ code: 0 })
      expect(first.said).toMatch(/owed: link-down on fw1 .* undone: link-down on fw1/)
      expect(await elsewhere.run(['recover', '--journal', copy])).toMatchObject({
        code: 0,
        said: 'nothing is left to undo ',
      })
      await expect
        .poll(firewall, { timeout: 90_000, interval: 1000 })
        .toMatch(/fw1: running, VHID 1 MASTER, demotion 0/)
    } finally {
      elsewhere.remove()
    }
  })
})

describe('a hypervisor whose API fails while the fault is healed', () => {
  test.each(['stop.yaml', 'link.yaml', 'drop.yaml', 'maintenance.yaml'])(
    'at each call of %s in turn is asked again, until it is done',
    limit,
    async (scenario) => {
      const journal = await killedAt(scenario)
      for (let nth = 1; nth <= 8; nth++) {
        owe(journal)
        await board('POST', { fault: { kind: 'status', status: 596, nth } })
        expect(await place.run(['recover', '--journal', journal, '--lab', lab])).toMatchObject({ code: 0 })
        await board('DELETE')
      }
    },
  )

  test('and that of the firewall itself hangs: what was done by it is undone by the shell', limit, async () => {
    const journal = await killedAt('deaf.yaml', / as well: 1 of 1 processes of webgui/)
    const both = readFileSync(journal, 'utf8')
    const only = (kind: string) => writeFileSync(journal, `${both.split('\n').find((line) => line.includes(kind))}\n`)
    only('"kind":"carp-maintenance"')
    expect(await place.run(['recover', '--journal', journal, '--lab', lab])).toMatchObject({ code: 0 })
    expect(await firewall()).toMatch(/fw1: running/)
    only('"kind":"service-hang"')
    expect(await place.run(['recover', '--journal', journal, '--lab', lab])).toMatchObject({ code: 0 })
    await expect.poll(firewall, { timeout: 90_000, interval: 1000 }).toMatch(/fw1: running, VHID 1 MASTER, demotion 0/)
  })

  test('for good ends the run with 75, which names what is left and how a person undoes it', limit, async () => {
    const broken = Promise.withResolvers<void>()
    const run = place.start(['run', 'stop.yaml', '--lab', lab], (text) => {
      if (/failover: the hypervisor says/.test(text)) broken.resolve()
    })
    await broken.promise
    await board('POST', { fault: { kind: 'status', status: 596, times: 0, path: 'qemu' } })
    run.kill('SIGINT')
    const { code, stderr } = await run.done
    expect(code).toBe(75)
    expect(stderr).toMatch(
      /left to undo: vm-stop on fw1; the node tries it by itself within 60 s; by hand: on the node: .*qm start \d+; run: firedrill recover/,
    )
    await board('DELETE')
    expect(await place.run(['recover', '--lab', lab])).toMatchObject({ code: 0 })
    expect(await firewall()).toMatch(/fw1: running/)
  })
})

const proven = /failover: (?:the hypervisor says|.* dropped so many|fw1: maintenance flag set)/

/** Runs a drill and kills it as soon as its fault is proven; the path of its journal. */
async function killedAt(scenario: string, sign = proven): Promise<string> {
  const broken = Promise.withResolvers<void>()
  const before = runs(place)
  const run = place.start(['run', scenario, '--lab', lab], (text) => {
    if (sign.test(text)) broken.resolve()
  })
  await Promise.race([broken.promise, run.done])
  run.kill('SIGKILL')
  expect(await run.done).toMatchObject({ code: null })
  const [fresh = ''] = runs(place).filter((name) => !before.includes(name))
  return join(place.folder, 'reports', fresh, 'undo.jsonl')
}

const runs = ({ folder }: Workplace): string[] =>
  readdirSync(folder).includes('reports')
    ? readdirSync(join(folder, 'reports')).filter((name) => name !== 'latest')
    : []

/** As if nothing of it had been undone. */
function owe(journal: string): void {
  const planned = readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"planned"'))
  writeFileSync(journal, `${planned.join('\n')}\n`)
}

async function firewall(): Promise<string> {
  const { stdout } = await place.run(['lab', 'status', lab])
  return /fw1: .*/.exec(stdout)?.[0] ?? stdout
}

/** The switches by which tests break the lab's API. */
async function board(method: string, parameters?: object): Promise<void> {
  const { url, tokenFile = '' } = await readTarget(targetFile)
  const body = parameters === undefined ? '' : JSON.stringify(parameters)
  const type = body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const headers = { authorization: `PVEAPIToken=${readFileSync(tokenFile, 'utf8').trim()}`, ...type }
  await new Promise<void>((resolve, reject) => {
    const call = request(`${url}/api2/json/firedrill/faults`, {
      method,
      headers,
      rejectUnauthorized: false,
      agent: false,
    })
    call.on('response', (reply) => {
      expect(reply.statusCode).toBe(200)
      reply.resume().on('end', resolve)
    })
    call.on('error', reject).end(body)
  })
}
