import { z } from 'zod'
import { HarnessError, exitCodes } from '../../../model/failure.ts'

/** The API's types are loose: numbers may come as strings, and what is unset may be null or absent. */
export const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
])
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined)

/** Parses `data` of a reply; what does not fit is an error that names the call and the first mismatch. */
export function parseReply<T>(schema: z.ZodType<T>, call: string, data: unknown): T {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue === undefined || issue.path.length === 0 ? 'data' : issue.path.join('.')
  throw new HarnessError(`${call}: unexpected reply: ${where}: ${issue?.message ?? 'invalid'}`, {
    exitCode: exitCodes.unavailable,
    hint: 'is this a Proxmox VE of version 8.4 to 9.x?',
  })
}
