import { z } from 'zod'

/** What goes into parameters, with the server's own limits. Booleans are sent as 1 and 0. */
export const node = z
  .string()
  .regex(/^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/, { error: 'expected the short name of a node' })
export const vmid = z.int().min(100).max(999_999_999)
export const text = z.string()
export const yes = z.boolean().optional()
export const count = z.int().min(0).optional()
export const poolId = z.string().regex(/^[A-Za-z0-9._-]+$/, { error: 'expected a pool id' })
export const sdnId = z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,6}[a-zA-Z0-9]$/, {
  error: 'expected 2 to 8 letters and digits, a letter first',
})
export const snapshotName = z.string().regex(/^(?!current$)[a-zA-Z][a-zA-Z0-9_-]{1,39}$/, {
  error: 'expected 2 to 40 of [A-Za-z0-9_-], a letter first, not `current`',
})
export const storageId = z.string().regex(/^[a-zA-Z][a-zA-Z0-9\-_.]*[a-zA-Z0-9]$/, { error: 'expected a storage id' })

export const onNode = z.object({ node })
export const onVm = z.object({ node, vmid })
export const nothing = z.object({})
/** Any other setting of a VM's configuration. */
export const setting = z.union([z.string(), z.number(), z.boolean()]).optional()
