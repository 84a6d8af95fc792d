import type { Bench } from '../bench.ts'
import { own } from '../bench.ts'
import type { Case } from '../case.ts'
import { expectSame, expectText, expectThat, outcomeOf } from '../expectation.ts'
import { ensureStopped, pathOf } from '../own-vm.ts'

/** CD images: uploaded, put into a drive, taken out, removed. */
export const images: readonly Case[] = [
  {
    name: 'an ISO image is uploaded, attached, detached and removed',
    needs: ['storage-for-isos'],
    endpoints: [
      'POST /nodes/{node}/storage/{storage}/upload',
      'GET /nodes/{node}/storage/{storage}/content',
      'DELETE /nodes/{node}/storage/{storage}/content/{volume}',
    ],
    run: async (bench) => {
      const { driver, signal, vmids } = bench
      await ensureStopped(bench)
      const volume = await driver.isos.upload(storageOf(bench), own.iso, emptyImage(), signal)
      expectSame('volume', `${storageOf(bench)}:iso/${own.iso}`, volume)
      expectThat('expected it in the list', (await driver.isos.volumes(storageOf(bench), signal)).includes(volume))
      await driver.vms.configure(vmids.main, { ide3: `${volume},media=cdrom` }, signal)
      expectText(
        'drive',
        /firedrill-contract\.iso/,
        (await driver.vms.configuration(vmids.main, signal))['ide3'] ?? 'none',
      )
      await driver.vms.configure(vmids.main, { delete: 'ide3' }, signal)
      await driver.isos.removeVolume(volume, signal)
      expectSame('volumes', false, (await driver.isos.volumes(storageOf(bench), signal)).includes(volume))
      await driver.isos.removeVolume(volume, signal)
    },
  },
  {
    name: 'a drive for cloud-init is made and shows what it will say',
    needs: ['storage-for-images'],
    endpoints: ['GET /nodes/{node}/qemu/{vmid}/cloudinit/dump', 'PUT /nodes/{node}/qemu/{vmid}/cloudinit'],
    run: async (bench) => {
      const { call, driver, signal, vmids } = bench
      await ensureStopped(bench)
      const settings = { ide2: `${storageOf(bench)}:cloudinit`, ipconfig0: 'ip=10.9.9.2/24', ciuser: 'root' }
      await driver.vms.configure(vmids.main, settings, signal)
      const dump = await call('GET', pathOf(bench, 'main', '/cloudinit/dump'), { type: 'network' })
      expectText('network', /10\.9\.9\.2/, String(dump.data))
      expectSame('rebuilt', 'OK', await outcomeOf(call, signal, await call('PUT', pathOf(bench, 'main', '/cloudinit'))))
      await driver.vms.configure(vmids.main, { delete: 'ide2,ipconfig0,ciuser' }, signal)
    },
  },
]

const storageOf = ({ storage }: Bench): string => storage?.name ?? ''

/** An ISO 9660 image without a file: 20 sectors with a volume descriptor and its end. */
function emptyImage(): Uint8Array {
  const image = Buffer.alloc(20 * 2048)
  image.write('\u0001CD001\u0001', 16 * 2048, 'latin1')
  image.write('FIREDRILL'.padEnd(32), 16 * 2048 + 40, 'latin1')
  image.write('\u00FFCD001\u0001', 17 * 2048, 'latin1')
  return image
}
