import { z } from 'zod'

const propertySchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
})
const objectSchema = z.looseObject({
  properties: z.record(z.string(), propertySchema).default({}),
  required: z.array(z.string()).default([]),
})

/** A table of the parameters of a kind, from its schema: name, whether it has to be given, what it is by default, its bounds. */
export function parameterTable(params: z.ZodType): string {
  const described = z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' })
  const { properties, required } = objectSchema.parse(described)
  const rows = Object.entries(properties).map(([name, property]) => {
    const given = property.default === undefined ? '' : `\`${JSON.stringify(property.default)}\``
    return `| \`${name}\` | ${required.includes(name) ? 'yes' : ''} | ${given} | ${boundsOf(property)} |`
  })
  return rows.length === 0
    ? ''
    : ['| parameter | needed | default | bounds |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function boundsOf({ minimum, maximum, enum: words }: z.output<typeof propertySchema>): string {
  if (words !== undefined) return words.map((word) => `\`${String(word)}\``).join(', ')
  const isSafe = maximum === Number.MAX_SAFE_INTEGER || maximum === undefined
  if (minimum === undefined && isSafe) return ''
  return isSafe ? `at least ${minimum}` : `${minimum ?? ''} to ${maximum}`
}
