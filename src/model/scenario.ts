import { z } from 'zod'
import { durationSchema } from './duration.ts'
import { nameSchema } from './name.ts'

/** The parameter schema of each fault or probe kind, as the registries in `faults/` and `probes/` declare them. */
export type KindSchemas = Readonly<Record<string, z.ZodType<Record<string, unknown>>>>

const limitSchema = z.union([durationSchema, z.number().nonnegative()], {
  error: 'expected a duration with its unit (4500ms) or a number (5)',
})

const bounds = { min: limitSchema.optional(), max: limitSchema.optional() }

const metricPath = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]*\.[a-zA-Z]+$/, {
  error: 'expected <step>.<metric>, like failover.outage',
})

const expectationSchema = z
  .strictObject({
    metric: metricPath,
    stream: nameSchema,
    ...bounds,
    level: z.enum(['fail', 'warn']).default('fail'),
    because: z.string().min(1),
  })
  .refine(hasBound, { error: 'expected a limit: min, max or both' })

/** What a source says: of something that is measured, or of something that the lab cannot show, with the reason. */
const claimSchema = z
  .strictObject({
    text: z.string().min(1),
    metric: metricPath.optional(),
    stream: nameSchema.optional(),
    ...bounds,
    notTestable: z.string().min(1).optional(),
  })
  .transform(({ text, metric, stream, notTestable, ...limits }, context): Claim => {
    const isBound = hasBound(limits)
    if (notTestable === undefined && metric !== undefined && stream !== undefined && isBound)
      return { text, metric, stream, ...limits }
    if (notTestable !== undefined && metric === undefined && stream === undefined && !isBound)
      return { text, notTestable }
    context.addIssue('expected metric, stream and a limit (min, max or both), or notTestable alone')
    return z.NEVER
  })

/** A stream that had no answer for so long halts the drill. */
export const stopSchema = z
  .strictObject({ probe: nameSchema, silentFor: durationSchema })
  .transform(({ probe, silentFor }) => ({ probe, silentForMs: silentFor }))

/** The schema of a scenario file for the faults and probes that exist; `examples/scenario.yaml` shows its shape. */
export const scenarioSchema = (faults: KindSchemas, probes: KindSchemas) =>
  z.strictObject({
    scenario: nameSchema,
    question: z.string().min(1),
    red: z.string().min(1),
    source: z.strictObject({ document: z.string().min(1), section: z.string().optional() }).optional(),
    lab: z.string().min(1),
    gate: z
      .strictObject({ cleanFor: durationSchema.default(5000), settleWithin: durationSchema.default(90_000) })
      .prefault({})
      .transform((gate) => ({ cleanForMs: gate.cleanFor, settleWithinMs: gate.settleWithin })),
    probes: z.record(nameSchema, oneKind(probes)).refine(isNotEmpty, { error: 'expected at least one probe' }),
    steps: z.array(stepSchema(faults)).min(1),
    /** The drill is halted and healed when one of them is met. */
    stop: z.array(stopSchema).default([]),
    /** The run is halted and healed after so long. */
    maxDuration: durationSchema.optional(),
    expect: z
      .array(expectationSchema)
      .min(1, { error: 'expected at least one expectation; a drill without one proves nothing' }),
    claims: z.array(claimSchema).default([]),
  })

const kindUse = z.object({ kind: z.string(), params: z.record(z.string(), z.unknown()) })
const resolvedBounds = { min: z.number().optional(), max: z.number().optional() }
const resolvedClaim = z.union([
  z.object({ text: z.string(), metric: z.string(), stream: z.string(), ...resolvedBounds }),
  z.object({ text: z.string(), notTestable: z.string() }),
])

/** A scenario as the plan has resolved it and the recording keeps it: every duration in milliseconds, every default filled in. */
export const resolvedScenarioSchema = z.object({
  scenario: z.string(),
  question: z.string(),
  red: z.string(),
  source: z.object({ document: z.string(), section: z.string().optional() }).optional(),
  lab: z.string(),
  gate: z.object({ cleanForMs: z.number(), settleWithinMs: z.number() }),
  probes: z.record(z.string(), kindUse),
  steps: z.array(
    z.object({
      name: z.string(),
      fault: kindUse.optional(),
      also: z.array(z.object({ afterMs: z.number(), fault: kindUse })).optional(),
      heal: z.string().optional(),
      silences: z.array(z.string()).optional(),
      holdForMs: z.number().optional(),
      recoverWithinMs: z.number(),
      maxDurationMs: z.number().optional(),
    }),
  ),
  stop: z.array(z.object({ probe: z.string(), silentForMs: z.number() })).optional(),
  maxDuration: z.number().optional(),
  expect: z.array(
    z.object({
      metric: z.string(),
      stream: z.string(),
      ...resolvedBounds,
      level: z.enum(['fail', 'warn']),
      because: z.string(),
    }),
  ),
  claims: z.array(resolvedClaim),
})

export type Scenario = z.output<typeof resolvedScenarioSchema>
export type Step = Scenario['steps'][number]
export type Expectation = Scenario['expect'][number]
export type Stop = z.output<typeof stopSchema>
export type Claim = Scenario['claims'][number]
/** One fault or probe as a file names it: its kind, and parameters that its own schema has accepted. */
export type KindUse = z.output<typeof kindUse>

const ofFaultsOnly = ['also', 'silences', 'maxDuration'] as const

function stepSchema(faults: KindSchemas) {
  return z
    .strictObject({
      name: nameSchema,
      fault: oneKind(faults).optional(),
      /** Further faults of the same step, each begun so long after the one before it, whatever has recovered by then. Healed with the step, last first. */
      also: z
        .array(
          z
            .strictObject({ after: durationSchema, fault: oneKind(faults) })
            .transform(({ after, fault }) => ({ afterMs: after, fault })),
        )
        .min(1)
        .max(5)
        .optional(),
      heal: nameSchema.optional(),
      recoverWithin: durationSchema,
      /** Streams that are to have no answer while the fault lasts: the step does not wait for them. */
      silences: z.array(nameSchema).min(1).optional(),
      /** The step is watched for so long after it has recovered, before the next one begins. */
      holdFor: durationSchema.optional(),
      /** The fault is healed after so long, whatever the drill still waits for. */
      maxDuration: durationSchema.optional(),
    })
    .refine((step) => (step.fault === undefined) !== (step.heal === undefined), {
      error: 'expected either `fault` or `heal`',
    })
    .superRefine((step, context) => {
      for (const key of ofFaultsOnly)
        if (step[key] !== undefined && step.fault === undefined)
          context.addIssue({ code: 'custom', message: `expected ${key} with a fault, not with a heal`, path: [key] })
    })
    .transform(({ recoverWithin, maxDuration, holdFor, ...step }) => ({
      ...step,
      recoverWithinMs: recoverWithin,
      ...(holdFor === undefined ? {} : { holdForMs: holdFor }),
      ...(maxDuration === undefined ? {} : { maxDurationMs: maxDuration }),
    }))
}

function oneKind(kinds: KindSchemas) {
  const optional = Object.fromEntries(Object.entries(kinds).map(([kind, params]) => [kind, params.optional()]))
  return z
    .strictObject(optional)
    .refine((use) => Object.keys(use).length === 1, {
      error: `expected exactly one of ${Object.keys(kinds).join(', ')}`,
    })
    .transform((use): KindUse => {
      const [kind, params] = Object.entries(use)[0] ?? ['', {}]
      return { kind, params: params ?? {} }
    })
}

function hasBound(use: { min?: number | undefined; max?: number | undefined }): boolean {
  return use.min !== undefined || use.max !== undefined
}

function isNotEmpty(record: object): boolean {
  return Object.keys(record).length > 0
}
