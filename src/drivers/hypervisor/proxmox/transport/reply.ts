import { z } from 'zod'
import type { RefusalKind } from '../../../../ports/hypervisor.ts'
import { failure } from './error.ts'

/** The API's types are loose: numbers may come as strings, booleans as 0 and 1, and what is unset may be null or absent. */
export const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
])
export const optionalNumber = wholeNumber.nullish().transform((number) => number ?? undefined)

/** Absent and null are false. */
export const flag = z
  .union([z.boolean(), z.literal([0, 1]), z.enum(['0', '1', ''])])
  .nullish()
  .transform((value) => value === true || value === 1 || value === '1')

/** Text that may come as a number, such as a name or a comment of digits. */
export const looseText = z.union([z.string(), z.number().transform(String)])
export const optionalText = looseText.nullish().transform((text) => text ?? undefined)

/** The reply of a method without a result. */
export const nothing = z.null().optional()

/** Parses `data` of a reply; what does not fit is an error that names the call and the first mismatch. */
export function parseReply<T>(schema: z.ZodType<T>, call: string, data: unknown, kind?: RefusalKind): T {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue === undefined || issue.path.length === 0 ? 'data' : issue.path.join('.')
  throw failure(`${call}: unexpected reply: ${where}: ${issue?.message ?? 'invalid'}`, {
    ...(kind === undefined ? {} : { kind }),
    hint: 'is this a Proxmox VE of version 8.4 to 9.x?',
  })
}
