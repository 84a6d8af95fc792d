import { z } from 'zod'
import { destinationSchema, destinationsOf } from '../model/destination.ts'
import type { Destination, Family } from '../model/destination.ts'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import { nameSchema } from '../model/name.ts'

/** Whence and whereto a probe goes, and by which IP: what every kind of probe takes. */
export const ends = {
  from: nameSchema,
  to: destinationSchema,
  family: z.union([z.literal(4), z.literal(6)], { error: 'expected 4 or 6' }).default(4),
}

/** The same, as the ends have been accepted. */
export const acceptedEnds = { from: z.string(), to: z.string(), family: ends.family }

/** Where `to` leads in a lab. Throws where it leads nowhere, which a checked scenario never does. */
export function destinationOf(to: string, family: Family, lab: Lab): Destination {
  const destination = destinationsOf(lab, family)[to]
  if (destination !== undefined) return destination
  throw new HarnessError(`expected a destination of lab ${lab.lab} with an IPv${family} address, came ${to}`, {
    exitCode: exitCodes.usage,
    hint: 'a probe goes to a machine whose address the lab file gives, to vip:<network>, forward:<port> or tunnel:<machine>',
  })
}
