import { z } from 'zod'

// Proxmox VE's wording of what can be wrong with a parameter. Values come as text from forms and paths, typed from JSON.

const missing = 'property is missing and it is not optional'

/** A whole number, sent as a number or as its digits. */
export function integer(minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER) {
  return z
    .union([z.number(), z.string().regex(/^-?\d+$/, { error: (issue) => wrongType('integer', issue.input) })], {
      error: (issue) => wrongType('integer', issue.input),
    })
    .transform(Number)
    .refine(Number.isInteger, { error: (issue) => wrongType('integer', issue.input), abort: true })
    .refine((value) => value >= minimum, { error: `value must have a minimum value of ${minimum}` })
    .refine((value) => value <= maximum, { error: `value must have a maximum value of ${maximum}` })
}

/** A number, sent as one or as its digits; kept as it reads. */
export function number(minimum: number, maximum = Number.MAX_VALUE) {
  const isNumber = (value: string): boolean => /^-?\d+(\.\d+)?$/.test(value)
  return text()
    .refine(isNumber, { error: (issue) => wrongType('number', issue.input), abort: true })
    .refine((value) => Number(value) >= minimum, { error: `value must have a minimum value of ${minimum}` })
    .refine((value) => Number(value) <= maximum, { error: `value must have a maximum value of ${maximum}` })
}

/** One or several texts: a repeated key of a form, or an array of JSON. */
export function texts() {
  return z
    .union([z.array(z.string()), z.string().transform((value) => [value])], {
      error: (issue) => wrongType('array', issue.input),
    })
    .refine((values) => values.length > 0, { error: missing })
}

/** A text of a given form; `what` ends the sentence "value does not look like a valid ...". */
export function named(pattern: RegExp, what: string, maxLength?: number) {
  return text(maxLength).refine((value) => pattern.test(value), {
    error: `invalid format - value does not look like a valid ${what}\n`,
  })
}

/** `1` or `0` in a form; JSON bodies may hold real booleans. */
export function flag() {
  return z
    .union([z.boolean(), z.literal(['0', '1', 0, 1])], { error: (issue) => wrongType('boolean', issue.input) })
    .transform((value) => value === true || Number(value) === 1)
}

/** Any text of at most `maxLength` characters. */
export function text(maxLength = Number.MAX_SAFE_INTEGER) {
  return z
    .union([z.string(), z.number().transform(String), z.boolean().transform((value) => (value ? '1' : '0'))], {
      error: (issue) => wrongType('string', issue.input),
    })
    .refine((value) => value.length <= maxLength, { error: `value may only be ${maxLength} characters long` })
}

/** One of the given words. */
export function choice<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, {
    error: (issue) =>
      issue.input === undefined
        ? missing
        : `value '${show(issue.input)}' does not have a value in the enumeration '${words.join(', ')}'`,
  })
}

/** A VM's number. */
export function vmid() {
  return text()
    .refine((value) => /^[1-9][0-9]{2,8}$/.test(value), {
      error: 'invalid format - value does not look like a valid VM ID\n',
    })
    .transform(Number)
}

/** A node's short name. */
export function nodeName() {
  return text().refine((value) => /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(value), {
    error: 'invalid format - value does not look like a valid node name\n',
  })
}

/** One text per parameter from what zod found; of several mistakes in one parameter the first. */
export function parameterErrors(error: z.ZodError): Record<string, string> {
  const found: Record<string, string> = {}
  for (const issue of error.issues) {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0])]
    const complaint = issue.code === 'unrecognized_keys' ? unknownParameter : issue.message
    for (const name of names) found[name] ??= complaint
  }
  return found
}

/** What is said of a parameter that an endpoint does not have. */
export const unknownParameter = 'property is not defined in schema and the schema does not allow additional properties'

function wrongType(type: string, input: unknown): string {
  if (input === undefined) return missing
  return `type check ('${type}') failed - got '${show(input)}'`
}

function show(input: unknown): string {
  return typeof input === 'string' ? input : (JSON.stringify(input) ?? '')
}
