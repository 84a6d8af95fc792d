/** An HTTP answer before it is written. Without `body` it is empty. */
export type Reply = { status: number; reason: string; body?: unknown; delayMs?: number; text?: Garbled }

/** A body that is not ours: sent as it is. */
type Garbled = { content: string; contentType: string }

/** A refusal with Proxmox VE's status and message; the first line of `message` becomes the reason phrase. */
export class Refusal extends Error {
  status: number
  errors: Readonly<Record<string, string>> | undefined
  /** Refused before any handler was found: the answer has no body. */
  isEarly: boolean
  delayMs: number

  constructor(
    status: number,
    message: string,
    more: { errors?: Readonly<Record<string, string>>; isEarly?: boolean; delayMs?: number } = {},
  ) {
    super(message)
    this.status = status
    this.errors = more.errors
    this.isEarly = more.isEarly ?? false
    this.delayMs = more.delayMs ?? 0
  }
}

/** The refusal of wrong parameters: 400 with one text per parameter. */
export function parameterRefusal(errors: Readonly<Record<string, string>>): Refusal {
  return new Refusal(400, 'Parameter verification failed.', { errors })
}

/** 200 and the envelope `{"data": ...}`. */
export function success(data: unknown): Reply {
  return { status: 200, reason: 'OK', body: { data: data ?? null } }
}

/** Any error as Proxmox VE shows it: what is not a refusal is a 500, its catch-all for ordinary "no". */
export function failure(error: unknown): Reply {
  if (!(error instanceof Refusal)) {
    const message = error instanceof Error ? error.message : String(error)
    return failure(new Refusal(500, message))
  }
  const reason = error.message.split('\n')[0] ?? ''
  if (error.isEarly) return { status: error.status, reason, delayMs: error.delayMs }
  const body = { data: null, message: `${error.message}\n`, ...(error.errors && { errors: error.errors }) }
  return { status: error.status, reason, body, delayMs: error.delayMs }
}
