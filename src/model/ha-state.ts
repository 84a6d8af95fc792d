import { z } from 'zod'

/** One VHID as one node sees it. `state` is the kernel's word; `advskew` the configured value, never the demoted one. */
const vhidStateSchema = z.object({
  vhid: z.int(),
  nic: z.string(),
  state: z.enum(['MASTER', 'BACKUP', 'INIT']),
  advbase: z.int().nullable(),
  advskew: z.int().nullable(),
})

/** The role of one VHID on one node, and nothing else. */
export const vhidRoleSchema = vhidStateSchema.pick({ vhid: true, nic: true, state: true })

/**
 * The high-availability state of one firewall at one instant. A VHID that is configured but on no interface (CARP disabled) is not listed.
 * Null is what the way in cannot tell; `syncOk` is also null where state sync is not configured.
 */
export const haStateSchema = z.object({
  vhids: z.array(vhidStateSchema),
  /** Null where a way in says only that it is not 0. */
  demotion: z.int().nullable(),
  allow: z.boolean(),
  preempt: z.boolean().nullable(),
  syncOk: z.boolean().nullable(),
  /** The flag of persistent maintenance mode in the node's configuration. */
  maintenance: z.boolean().nullable().default(null),
  /** What the product itself complains of, on one line; null also where it complains of nothing. */
  problem: z.string().nullable().default(null),
})

export type VhidState = z.output<typeof vhidStateSchema>
export type HaState = z.output<typeof haStateSchema>
export type VhidRole = z.output<typeof vhidRoleSchema>
