import { z } from 'zod'

/** Numbers come as numbers or as texts, depending on the call and the release. */
export const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number),
])
