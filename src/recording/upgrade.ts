import { z } from 'zod'

const row = { atMs: z.number(), stream: z.string(), session: z.int(), seq: z.int() }
const messageSchema = z.object({ ...row, type: z.literal('message'), sentMs: z.number() })
const echoSchema = z.object({ ...row, type: z.literal('echo'), receivedMs: z.number() })

/** A line of an older recording as this format says it: format 1 told each message of a session, and each echo, by itself. Anything else as it is. */
export function upgraded(data: unknown): unknown {
  const message = messageSchema.safeParse(data)
  if (message.success) return columns('messages', message.data, message.data.sentMs)
  const echo = echoSchema.safeParse(data)
  return echo.success ? columns('echoes', echo.data, echo.data.receivedMs) : data
}

function columns(
  type: 'messages' | 'echoes',
  { atMs, stream, session, seq }: z.output<z.ZodObject<typeof row>>,
  baseMs: number,
) {
  return { type, atMs, stream, baseMs, sessions: [session], seqs: [seq], afterMs: [0] }
}
