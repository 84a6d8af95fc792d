import { findVm, type Cluster } from '../../cluster.ts'
import { driveVolumes } from '../../storage/volumes.ts'
import { findSnapshot } from '../../vm/snapshot.ts'
import { hasFlag, type Vm } from '../../vm/vm.ts'
import { choice, named } from '../parameter.ts'
import { route } from '../route.ts'
import { onVm, vmPath } from './vm-task.ts'

/** What can be done with the disks of a VM. */
export const featureRoutes = [
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/feature',
    parameters: {
      ...vmPath,
      feature: choice('snapshot', 'clone', 'copy'),
      snapname: named(/^[a-zA-Z][\w-]+$/, 'configuration ID', 40).optional(),
    },
    isProtected: true,
    check: onVm('VM.Audit'),
    answer: ({ cluster, parameters }) => {
      const vm = findVm(cluster, parameters)
      const { feature, snapname } = parameters
      const config = snapname === undefined ? vm.config : findSnapshot(vm, snapname).config
      const isOnDisk = [...driveVolumes(config).keys()].some((key) => !config[key]?.includes('media=cdrom'))
      // A linked clone needs a base image, which is what a template has and its snapshots have not.
      const hasFeature = feature !== 'clone' || !isOnDisk || (hasFlag(vm, 'template') && snapname === undefined)
      return { hasFeature: hasFeature ? 1 : 0, nodes: nodesFor(cluster, vm, isOnDisk) }
    },
  }),
]

/** Each node has its own storage, so that a VM with a disk can be on no other. */
const nodesFor = ({ nodes }: Cluster, { node }: Vm, isOnDisk: boolean): string[] =>
  isOnDisk ? [node] : [...nodes.keys()]
