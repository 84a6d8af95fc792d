import { type Bench, own } from '../bench.ts'
import type { Case } from '../case.ts'
import { expectSame, expectText, expectThat, outcomeOf } from '../expectation.ts'
import { ensureVm, expectOk, nicText, pathOf } from '../own-vm.ts'

/** A template of the suite's own making, and its clones. */
export const clones: readonly Case[] = [
  {
    name: 'a VM becomes a template, which does not start',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/template'],
    run: async (bench) => {
      await makeTemplate(bench)
      const listed = (await bench.driver.vms.list(bench.signal)).find((vm) => vm.vmid === bench.vmids.template)
      expectSame('template', true, listed?.isTemplate)
      const start = await bench.call('POST', pathOf(bench, 'template', '/status/start'))
      expectText('start', /you can't start a vm if it's a template/, await outcomeOf(bench.call, bench.signal, start))
    },
  },
  {
    name: 'a linked clone has its own name, pool and MAC',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/clone'],
    run: async (bench) => {
      await makeTemplate(bench)
      await cloneIt(bench, null)
    },
  },
  {
    name: 'a full clone of a template with a disk has a disk of its own',
    needs: ['storage-for-images'],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/clone'],
    limitSeconds: 240,
    run: async (bench) => {
      await removeBoth(bench)
      await makeTemplate(bench, { scsi0: `${bench.storage?.name}:1` })
      const config = await cloneIt(bench, bench.storage?.name ?? null)
      expectText('disk', new RegExp(`^${bench.storage?.name}:.*${bench.vmids.clone}`), config['scsi0'] ?? 'none')
    },
  },
]

async function makeTemplate(bench: Bench, settings: Record<string, string> = {}): Promise<void> {
  await ensureVm(bench, 'template', { net0: nicText().replace(/01$/, '02'), ...settings })
  const config = await bench.driver.vms.configuration(bench.vmids.template, bench.signal)
  if (config['template'] === '1') return
  const answer = await bench.call('POST', pathOf(bench, 'template', '/template'))
  expectOk('template', await outcomeOf(bench.call, bench.signal, answer))
}

async function cloneIt(bench: Bench, storage: string | null): Promise<Record<string, string>> {
  const { driver, signal, vmids } = bench
  await driver.vms.destroy(vmids.clone, signal)
  const name = own.nameOf('clone')
  await driver.vms.clone({ vmid: vmids.clone, name, template: vmids.template, pool: own.pool, storage }, signal)
  const config = await driver.vms.configuration(vmids.clone, signal)
  expectSame('name', name, config['name'])
  expectThat('expected another MAC', !/BC:24:11:FD:00/i.test(config['net0'] ?? own.mac), config['net0'])
  expectSame('template', undefined, config['template'])
  const pool = await driver.pools.pool(own.pool, signal)
  expectThat('expected the clone in its pool', pool?.vmids.includes(vmids.clone) === true, pool)
  return config
}

async function removeBoth({ driver, signal, vmids }: Bench): Promise<void> {
  for (const vmid of [vmids.clone, vmids.template]) await driver.vms.destroy(vmid, signal)
}
