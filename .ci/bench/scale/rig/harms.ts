import { z } from 'zod'

/** What is done to a session's path, and what the report must say of it then. */
export const verdictOf = {
  reset: 'reset',
  silent: 'hung',
  stall: 'stalled',
  survive: 'survived',
  duplicate: 'corrupt',
} as const

export type Harm = keyof typeof verdictOf

export const isHarm = (name: string): name is Harm => Object.hasOwn(verdictOf, name)

const schema = z.record(z.string(), z.array(z.int()))

/** The sessions that each harm is for. */
export const harmsFrom = (text: string): Record<string, number[]> => schema.parse(JSON.parse(text))
