import { z } from 'zod'

const at = { atMs: z.number() }
/** The schema of one type of fact of a recording, with the instant at which it was learnt. */
export const fact = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...at, ...shape })
