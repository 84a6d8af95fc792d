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
  place.write('link.yaml', quick.replace('vm-stop: { on: $master }', 'link-down: { on: $master, network: lan }'))
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
  test.each(['stop.yaml', 'link.yaml'])(
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

/** Runs a drill and kills it as soon as its fault is proven; the path of its journal. */
async function killedAt(scenario: string): Promise<string> {
  const broken = Promise.withResolvers<void>()
  const before = runs(place)
  const run = place.start(['run', scenario, '--lab', lab], (text) => {
    if (/failover: the hypervisor says/.test(text)) broken.resolve()
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
