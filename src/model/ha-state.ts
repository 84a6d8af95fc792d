import { z } from 'zod'

/** One VHID as one node sees it. `state` is the kernel's word; `advskew` the configured value, never the demoted one. */
const vhidStateSchema = z.object({
  vhid: z.int(),
  nic: z.string(),
  state: z.enum(['MASTER', 'BACKUP', 'INIT']),
  advbase: z.int(),
  advskew: z.int(),
})

/** The high-availability state of one firewall at one instant. `syncOk` is null where state sync is not configured. */
export const haStateSchema = z.object({
  vhids: z.array(vhidStateSchema),
  demotion: z.int(),
  allow: z.boolean(),
  preempt: z.boolean(),
  syncOk: z.boolean().nullable(),
})

export type VhidState = z.output<typeof vhidStateSchema>
export type HaState = z.output<typeof haStateSchema>
