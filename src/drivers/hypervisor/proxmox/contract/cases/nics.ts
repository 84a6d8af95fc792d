import { z } from 'zod'
import { type Bench, own } from '../bench.ts'
import type { Case } from '../case.ts'
import { dataOf, expectSame, expectText } from '../expectation.ts'
import { ensureRunning, ensureStopped, nicText, pathOf } from '../own-vm.ts'
import { isPending, pendingList } from '../pending.ts'
import { refusalKind } from '../refusal.ts'

/** NICs: one key changed, everything else kept. */
export const nics: readonly Case[] = [
  {
    name: 'a NIC of a VM that is off keeps its MAC when it is rewritten',
    needs: [],
    endpoints: ['PUT /nodes/{node}/qemu/{vmid}/config', 'GET /nodes/{node}/qemu/{vmid}/config'],
    run: async (bench) => {
      await ensureStopped(bench)
      const { driver, signal, vmids } = bench
      await driver.vms.configure(vmids.main, { net0: nicText(',link_down=1') }, signal)
      expectSame(
        'net0',
        { model: 'virtio', mac: own.mac.toLowerCase(), bridge: null, linkDown: true },
        await readNic(bench),
      )
      await driver.vms.configure(vmids.main, { net0: nicText() }, signal)
      expectSame('link', false, (await readNic(bench)).linkDown)
    },
  },
  {
    name: 'a running NIC loses its link and gets it back, MAC kept, nothing pending',
    needs: [],
    endpoints: ['PUT /nodes/{node}/qemu/{vmid}/config', 'GET /nodes/{node}/qemu/{vmid}/pending'],
    run: async (bench) => {
      await ensureRunning(bench)
      const { machines } = bench.driver
      for (const linkDown of [true, false]) {
        await machines.writeNic('main', 0, { linkDown }, bench.signal)
        expectSame(
          'net0',
          { model: 'virtio', mac: own.mac.toLowerCase(), bridge: null, linkDown },
          await readNic(bench),
        )
        expectSame('pending NICs', [], await pendingKeys(bench))
      }
    },
  },
  {
    name: 'a NIC that is not there is refused',
    needs: [],
    endpoints: ['GET /nodes/{node}/qemu/{vmid}/config'],
    run: async (bench) => {
      await ensureRunning(bench)
      const kind = await refusalKind(() => bench.driver.machines.readNic('main', 7, bench.signal))
      expectText('NIC 7', /^(?!nothing)/, kind)
    },
  },
  {
    name: 'a running VM keeps a value pending that it cannot take, and reverts it',
    needs: [],
    endpoints: ['GET /nodes/{node}/qemu/{vmid}/pending', 'PUT /nodes/{node}/qemu/{vmid}/config'],
    run: async (bench) => {
      await ensureRunning(bench)
      const { call } = bench
      expectSame('write', 200, (await call('PUT', pathOf(bench, 'main', '/config'), { cores: 2 })).status)
      expectSame('pending', ['cores'], await pendingKeys(bench))
      const running = dataOf(
        'config',
        configSchema,
        await call('GET', pathOf(bench, 'main', '/config'), { current: 1 }),
      )
      expectSame('running value', '1', String(running.cores))
      expectSame('revert', 200, (await call('PUT', pathOf(bench, 'main', '/config'), { revert: 'cores' })).status)
      expectSame('pending', [], await pendingKeys(bench))
    },
  },
]

/** As the driver reads it, the MAC in lower case. */
export async function readNic({ driver, signal }: Bench) {
  const { model, mac, bridge, linkDown } = await driver.machines.readNic('main', 0, signal)
  return { model, mac: mac.toLowerCase(), bridge, linkDown }
}

/** The keys of the main VM that have a value pending. */
async function pendingKeys(bench: Bench): Promise<string[]> {
  const entries = dataOf('pending', pendingList, await bench.call('GET', pathOf(bench, 'main', '/pending')))
  return entries.filter(isPending).map((entry) => entry.key)
}

const configSchema = z.looseObject({ cores: z.union([z.string(), z.number()]) })
