import type { z } from 'zod'
import * as access from '../endpoints/access.ts'
import * as agent from '../endpoints/agent.ts'
import * as cluster from '../endpoints/cluster.ts'
import * as pools from '../endpoints/pools.ts'
import * as power from '../endpoints/power.ts'
import * as sdn from '../endpoints/sdn.ts'
import * as snapshots from '../endpoints/snapshots.ts'
import * as storage from '../endpoints/storage.ts'
import * as tasks from '../endpoints/tasks.ts'
import * as vms from '../endpoints/vms.ts'

/** An endpoint that the driver uses, and what it makes of the reply. */
interface Known {
  method: string
  path: string
  reply: z.ZodType
}

const modules = [access, agent, cluster, pools, power, sdn, snapshots, storage, tasks, vms]

/** Everything that the driver can ask, by method and path template. */
export const knownEndpoints: ReadonlyMap<string, Known> = new Map(
  modules.flatMap((module) =>
    Object.values(module).flatMap((each): [string, Known][] =>
      isKnown(each) ? [[`${each.method} ${each.path}`, each]] : [],
    ),
  ),
)

/** Why no case exercises what only this keeps out of reach. */
export const outOfReach: Readonly<Record<string, string>> = {
  'POST /access/ticket': 'it needs a password, and the suite has a token',
  'GET /nodes/{node}/qemu/{vmid}/agent/exec-status': 'it needs a guest with an agent, and the suite has no guest',
}

function isKnown(each: unknown): each is Known {
  return typeof each === 'object' && each !== null && 'method' in each && 'path' in each && 'reply' in each
}
