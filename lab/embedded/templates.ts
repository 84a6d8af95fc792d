import { templates } from '../images/registry.ts'
import { baseFiles } from './base-files.ts'
import { nodeOf, type Cluster } from './cluster.ts'
import { createSshKey, type SshKey } from './ssh-key.ts'
import { newVm } from './vm/vm.ts'

const firstVmid = 9001

/** Defines a template `firedrill-<image>` for every image, dots as dashes, on the first node. The access key opens their clones' consoles until they are told of others. */
export async function defineTemplates(cluster: Cluster, accessKey: SshKey): Promise<void> {
  const { hardware } = nodeOf(cluster, cluster.localNode)
  await Promise.all(
    [...templates].map(async ([image, render], order) => {
      const vmid = firstVmid + order
      const name = `firedrill-${image.replaceAll('.', '-')}`
      const { files, nicPrefix } = render(image)
      const config = {
        name,
        tags: 'firedrill-template',
        template: '1',
        ostype: nicPrefix === 'vtnet' ? 'other' : 'l26',
        cores: '1',
        memory: '512',
        scsihw: 'virtio-scsi-pci',
        scsi0: `local:${vmid}/base-${vmid}-disk-0.qcow2,size=4G`,
        boot: 'order=scsi0',
        serial0: 'socket',
      }
      const vm = newVm({ vmid, node: cluster.localNode, nicPrefix, isBlank: false, config })
      cluster.vms.set(vmid, vm)
      await hardware.createDisk(vmid, { ...baseFiles(name, createSshKey(), [accessKey.publicKey]), ...files })
    }),
  )
}
