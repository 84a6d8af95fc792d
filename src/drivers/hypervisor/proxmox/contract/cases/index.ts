import type { Case } from '../case.ts'
import { agent } from './agent.ts'
import { clones } from './clones.ts'
import { images } from './images.ts'
import { machines } from './machines.ts'
import { nics } from './nics.ts'
import { pools } from './pools.ts'
import { power } from './power.ts'
import { reading } from './reading.ts'
import { sdn } from './sdn.ts'
import { snapshots } from './snapshots.ts'
import { tasks } from './tasks.ts'
import { transport } from './transport.ts'
import { wires } from './wires.ts'

/** All cases, in the order in which they are run. */
export const cases: readonly Case[] = [
  ...reading,
  ...transport,
  ...pools,
  ...machines,
  ...nics,
  ...power,
  ...tasks,
  ...agent,
  ...clones,
  ...snapshots,
  ...images,
  ...sdn,
  ...wires,
]
