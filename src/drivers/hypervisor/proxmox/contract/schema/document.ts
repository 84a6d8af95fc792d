import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** One node of the official schema, as far as it can be checked. */
export interface SchemaNode {
  type?: string | undefined
  optional?: number | undefined
  enum?: string[] | null | undefined
  /** A pattern in Perl's spelling. */
  pattern?: string | undefined
  /** The name of a validator, or the keys of a property string. */
  format?: string | Record<string, SchemaNode> | undefined
  minimum?: string | number | undefined
  maximum?: string | number | undefined
  minLength?: number | undefined
  maxLength?: number | undefined
  requires?: string | undefined
  default_key?: number | undefined
  alias?: string | undefined
  keyAlias?: string | undefined
  properties?: Record<string, SchemaNode> | undefined
  additionalProperties?: number | undefined
  items?: SchemaNode | undefined
  $ref?: string | undefined
}

/** One endpoint: its parameters by name (path placeholders too) and what its `data` is. */
export interface SchemaEndpoint {
  method: string
  path: string
  parameters: Record<string, SchemaNode>
  returns?: SchemaNode | undefined
}

/** The official schema, trimmed. */
export interface ApiSchema {
  defs: Record<string, SchemaNode>
  endpoints: SchemaEndpoint[]
}

const nodeSchema: z.ZodType<SchemaNode> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    optional: z.number().optional(),
    enum: z.array(z.string()).nullish(),
    pattern: z.string().optional(),
    format: z.union([z.string(), z.record(z.string(), nodeSchema)]).optional(),
    minimum: z.union([z.string(), z.number()]).optional(),
    maximum: z.union([z.string(), z.number()]).optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    requires: z.string().optional(),
    default_key: z.number().optional(),
    alias: z.string().optional(),
    keyAlias: z.string().optional(),
    properties: z.record(z.string(), nodeSchema).optional(),
    additionalProperties: z.number().optional(),
    items: nodeSchema.optional(),
    $ref: z.string().optional(),
  }),
)

const documentSchema: z.ZodType<ApiSchema> = z.object({
  defs: z.record(z.string(), nodeSchema),
  endpoints: z.array(
    z.object({
      method: z.string(),
      path: z.string(),
      parameters: z.record(z.string(), nodeSchema),
      returns: nodeSchema.optional(),
    }),
  ),
})

/** The official schema in a file; null where there is no such file. Throws for one that cannot be read as a schema. */
export async function readApiSchema(file: string): Promise<ApiSchema | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? null : documentSchema.parse(JSON.parse(text))
}

/** The node itself, with references followed. */
export function resolved(schema: ApiSchema, node: SchemaNode): SchemaNode {
  const name = node.$ref?.replace('#/defs/', '')
  if (name === undefined) return node
  const { $ref: _, ...own } = node
  return resolved(schema, { ...schema.defs[name], ...own })
}
