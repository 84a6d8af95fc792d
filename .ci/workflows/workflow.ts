import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const texts = z.record(z.string(), text).default({})

const stepSchema = z.strictObject({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: texts,
  run: z.string().optional(),
  env: texts,
})

const jobSchema = z.strictObject({
  needs: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: texts,
  secrets: z.literal('inherit').optional(),
  'runs-on': z.string().optional(),
  environment: z.string().optional(),
  'timeout-minutes': z.int().optional(),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() }).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'none'])).optional(),
  outputs: texts,
  steps: z.array(stepSchema).default([]),
})

const inputs = z.record(z.string(), z.looseObject({ default: text.optional() })).default({})
const trigger = z.looseObject({ inputs, secrets: z.record(z.string(), z.unknown()).default({}) })

const workflowSchema = z.strictObject({
  name: z.string(),
  on: z.looseObject({
    workflow_call: trigger.optional(),
    workflow_dispatch: trigger.nullish(),
    schedule: z.array(z.strictObject({ cron: z.string() })).optional(),
  }),
  permissions: z.strictObject({}),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() }).optional(),
  jobs: z.record(z.string(), jobSchema),
})

/** A workflow file as these workflows may be: more than a runner knows is not in the schema on purpose. */
export type Workflow = z.output<typeof workflowSchema>
export type Job = Workflow['jobs'][string]
export type Step = Job['steps'][number]

const folder = join(import.meta.dirname, '../../.github/workflows')

/** The names of all workflow files. */
export const workflowFiles = (): string[] => readdirSync(folder).toSorted()

/** The text of a workflow file. */
export const workflowText = (file: string): string => readFileSync(join(folder, file), 'utf8')

/** Reads a workflow, and throws where it is not of the form above. */
export const readWorkflow = (file: string): Workflow => workflowSchema.parse(parse(workflowText(file)))
