import { z } from 'zod'
import { type Bench, own } from '../bench.ts'
import type { Case } from '../case.ts'
import { NotRun, dataOf, expectRefusal, expectSame, expectText, expectThat } from '../expectation.ts'
import { refusalKind } from '../refusal.ts'

/** Networks whose edits stay pending and are dropped again. Applying is for a bridge that was given. */
export const sdn: readonly Case[] = [
  {
    name: 'zones and vnets are read with what is pending',
    needs: [],
    endpoints: ['GET /cluster/sdn/zones', 'GET /cluster/sdn/vnets'],
    run: async ({ driver, signal }) => {
      expectThat('expected a list of zones', Array.isArray(await driver.sdn.zones(signal)))
      expectThat('expected a list of vnets', Array.isArray(await driver.sdn.vnets(signal)))
    },
  },
  {
    name: 'edits need the lock while it is held, stay pending, and are rolled back with it',
    needs: ['sdn-lock'],
    endpoints: [
      'POST /cluster/sdn/lock',
      'POST /cluster/sdn/rollback',
      'POST /cluster/sdn/zones',
      'POST /cluster/sdn/vnets',
    ],
    run: async (bench) => {
      await nothingPending(bench)
      const token = dataOf('lock', z.string(), await bench.call('POST', '/cluster/sdn/lock'))
      bench.sdnLock.token = token
      const locked = { 'lock-token': token }
      expectRefusal(
        'edit without the token',
        await bench.call('POST', '/cluster/sdn/zones', zone(bench)),
        500,
        /invalid lock token provided/,
      )
      await edits(bench, locked)
      const rollback = await bench.call('POST', '/cluster/sdn/rollback', { ...locked, 'release-lock': 1 })
      expectSame('rollback', 200, rollback.status)
      bench.sdnLock.token = null
      expectSame('left pending', [], await pendingZones(bench))
    },
  },
  {
    name: 'the lock is given back without an edit',
    needs: ['sdn-lock'],
    endpoints: ['DELETE /cluster/sdn/lock'],
    run: async (bench) => {
      await nothingPending(bench)
      bench.sdnLock.token = dataOf('lock', z.string(), await bench.call('POST', '/cluster/sdn/lock'))
      const release = await bench.call('DELETE', '/cluster/sdn/lock', { 'lock-token': bench.sdnLock.token })
      expectSame('release', 200, release.status)
      bench.sdnLock.token = null
    },
  },
  {
    name: 'edits stay pending and are taken back one by one',
    needs: ['no-sdn-lock'],
    endpoints: [
      'POST /cluster/sdn/zones',
      'POST /cluster/sdn/vnets',
      'DELETE /cluster/sdn/vnets/{vnet}',
      'DELETE /cluster/sdn/zones/{zone}',
    ],
    run: async (bench) => {
      await nothingPending(bench)
      await edits(bench, {})
      for (const path of [`/vnets/${own.vnet}`, `/zones/${own.zone}`]) {
        expectSame(path, 200, (await bench.call('DELETE', `/cluster/sdn${path}`)).status)
      }
    },
  },
  {
    name: 'networks are applied on the node, carry a NIC, and are removed again',
    needs: ['bridge'],
    endpoints: [
      'PUT /cluster/sdn',
      'GET /nodes/{node}/sdn/zones',
      'GET /nodes/{node}/sdn/zones/{zone}/content',
      'DELETE /cluster/sdn/vnets/{vnet}',
      'DELETE /cluster/sdn/zones/{zone}',
    ],
    limitSeconds: 180,
    run: async (bench) => {
      const { driver, signal, bridge, node } = bench
      await nothingPending(bench)
      const vnets = [own.vnet, `${own.vnet}0`].map((vnet, index) => {
        return { vnet, zone: own.zone, tag: own.tag + index, alias: 'firedrill contract' }
      })
      await driver.sdn.create({ zone: { zone: own.zone, bridge: bridge ?? '', nodes: [node] }, vnets }, signal)
      const listed = (await driver.sdn.vnets(signal)).filter((vnet) => vnet.zone === own.zone)
      expectSame(
        'vnets',
        vnets.map(({ vnet }) => vnet),
        listed.map(({ vnet }) => vnet).toSorted(),
      )
      const kind = await refusalKind(() =>
        driver.sdn.create({ zone: { zone: own.zone, bridge: bridge ?? '' }, vnets }, signal),
      )
      expectText('a second creation', /^(?!nothing)/, kind)
    },
  },
]

/** Somebody else's pending edits are theirs: nothing here may apply or drop them. */
async function nothingPending(bench: Bench): Promise<void> {
  const pending = await pendingZones(bench)
  if (pending.length > 0) throw new NotRun(`somebody's SDN edits are pending: ${pending.join(', ')}`)
}

async function edits(bench: Bench, locked: Record<string, string>): Promise<void> {
  const { call } = bench
  const bridgeless = { type: 'vlan', zone: own.zone, ...locked }
  expectRefusal(
    'VLAN zone without a bridge',
    await call('POST', '/cluster/sdn/zones', bridgeless),
    500,
    /missing value for required option 'bridge'/,
  )
  dataOf('zone', z.null(), await call('POST', '/cluster/sdn/zones', { ...zone(bench), ...locked }))
  const vnet = { vnet: own.vnet, zone: own.zone, tag: own.tag, alias: 'firedrill contract', ...locked }
  dataOf('vnet', z.null(), await call('POST', '/cluster/sdn/vnets', vnet))
  const same = await call('POST', '/cluster/sdn/vnets', { ...vnet, vnet: `${own.vnet}0` })
  expectText('a tag that is taken', /tag \d+ already exist/, same.text)
  const used = await call('DELETE', `/cluster/sdn/zones/${own.zone}`, locked)
  expectText('a zone that is used', new RegExp(`zone ${own.zone} is used by vnet ${own.vnet}`), used.text)
  expectSame('pending', [`zone ${own.zone}: new`, `vnet ${own.vnet}: new`], await pendingZones(bench))
}

const zone = ({ bridge }: Bench) => ({ type: 'vlan', zone: own.zone, bridge: bridge ?? 'vmbr0' })

async function pendingZones({ call }: Bench): Promise<string[]> {
  const zones = dataOf('zones', list, await call('GET', '/cluster/sdn/zones', { pending: 1 }))
  const vnets = dataOf('vnets', list, await call('GET', '/cluster/sdn/vnets', { pending: 1 }))
  return [
    ...zones.filter(({ state }) => typeof state === 'string').map((each) => `zone ${each.zone}: ${each.state}`),
    ...vnets.filter(({ state }) => typeof state === 'string').map((each) => `vnet ${each.vnet}: ${each.state}`),
  ]
}

const text = z.string().nullish()
const list = z.array(z.object({ zone: text, vnet: text, state: text }))
