import type { HarnessError } from '../../../../../model/failure.ts'
import { type Bench } from '../bench.ts'
import type { Case } from '../case.ts'
import { NotRun, expectRefusal, expectSame, expectText, expectThat } from '../expectation.ts'
import { ensureRunning, ensureStopped, pathOf } from '../own-vm.ts'
import { refusalOf } from '../refusal.ts'

const name = 'contract1'

/** Snapshots without memory. */
export const snapshots: readonly Case[] = [
  {
    name: 'a snapshot is taken, listed, refused a second time, rolled back to and removed',
    needs: ['storage-for-images'],
    endpoints: [
      'POST /nodes/{node}/qemu/{vmid}/snapshot',
      'GET /nodes/{node}/qemu/{vmid}/snapshot',
      'POST /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback',
      'DELETE /nodes/{node}/qemu/{vmid}/snapshot/{snapname}',
    ],
    limitSeconds: 240,
    run: async (bench) => {
      const { driver, signal, vmids } = bench
      await withDisk(bench)
      await ensureRunning(bench)
      const refusal = await refusalOf(() => driver.snapshots.takeSnapshot(vmids.main, name, signal))
      if (refusal !== null) throw notOn(bench, refusal)
      expectThat('expected it in the list', (await driver.snapshots.snapshots(vmids.main, signal)).includes(name))
      const again = await refusalOf(() => driver.snapshots.takeSnapshot(vmids.main, name, signal))
      expectText('second snapshot of that name', /already used/, again?.message ?? 'nothing')
      await driver.vms.configure(vmids.main, { description: 'after the snapshot' }, signal)
      await driver.snapshots.rollback(vmids.main, name, signal)
      expectSame('state', 'stopped', await driver.machines.powerState('main', signal))
      expectSame('description', undefined, (await driver.vms.configuration(vmids.main, signal))['description'])
      await driver.snapshots.removeSnapshot(vmids.main, name, signal)
      expectSame('snapshots', [], await driver.snapshots.snapshots(vmids.main, signal))
    },
  },
  {
    name: 'the name of a snapshot is checked',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/snapshot'],
    run: async (bench) => {
      await ensureStopped(bench)
      const answer = await bench.call(
        'POST',
        pathOf(bench, 'main', '/snapshot'),
        { snapname: '1-not-a-name' },
        { isWrong: true },
      )
      expectRefusal('name', answer, 400, /snapname: /)
    },
  },
]

/** Not every storage has snapshots, which is no fault of the endpoint. */
const notOn = ({ storage }: Bench, refusal: HarnessError): Error =>
  /snapshot feature is not available/.test(refusal.message)
    ? new NotRun(`storage ${storage?.name} has no snapshots`)
    : refusal

/** Gives the main VM a disk, of a kind that can have snapshots where there is a choice. */
async function withDisk(bench: Bench): Promise<void> {
  const { driver, storage, signal, vmids } = bench
  await ensureStopped(bench)
  const config = await driver.vms.configuration(vmids.main, signal)
  const format = ['dir', 'nfs', 'cifs'].includes(storage?.type ?? '') ? ',format=qcow2' : ''
  if (config['scsi0'] === undefined)
    await driver.vms.configure(vmids.main, { scsi0: `${storage?.name}:1${format}` }, signal)
}
