import { z } from 'zod'
import type { RestCall } from '../../rest/client.ts'

/** A call of the REST package v2: the answer is in `data` of its envelope. */
export function restCall<Answer>(
  call: Pick<RestCall<Answer>, 'method' | 'path' | 'body' | 'limitMs'>,
  data: z.ZodType<Answer>,
): RestCall<{ data: Answer }> {
  const path = `/api/v2${call.path}`
  const privilege = `${path.slice(1).split('?', 1)[0]?.replaceAll(/[/_]/g, '-')}-${call.method.toLowerCase()}`
  return { ...call, path, privilege, answer: z.object({ code: z.literal(200), status: z.literal('ok'), data }) }
}
