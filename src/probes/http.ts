import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { acceptedEnds, destinationOf, ends } from './ends.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const accepted = z.object({
  ...acceptedEnds,
  every: z.number(),
  port: z.int().optional(),
  path: z.string(),
  status: z.int(),
  tls: z.boolean(),
})

/** Pages of any web server at a fixed rate: needs nothing of ours on the other side. */
export const http: ProbeKind = {
  kind: 'http',
  class: 'packets',
  needsReflector: false,
  params: z.strictObject({
    ...ends,
    every: durationSchema,
    port: z.int().min(1).max(65_535).optional(),
    path: z
      .string()
      .regex(/^\/[!-~]*$/, { error: 'expected a path, like /health' })
      .default('/'),
    status: z.int().min(200).max(599).default(200),
    tls: z.boolean().default(false),
  }),
  howTo:
    'gets a page over a fresh connection at every interval; the whole page with the expected status within 2 s is an answer (tls: certificates are not judged)',
  spec(name, params, lab) {
    const { from, to, family, every, path, status, tls, ...given } = accepted.parse(params)
    const { address, port: forwarded } = destinationOf(to, family, lab)
    const port = given.port ?? forwarded ?? (tls ? 443 : 80)
    const rest = { class: 'packets' as const, address, port, everyMs: every, timeoutMs, sessions: 0 }
    return { name, kind: 'http', from, to, ...rest, request: { path, status, tls } }
  },
}
