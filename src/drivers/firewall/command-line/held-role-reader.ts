import type { VhidRole } from '../../../model/ha-state.ts'
import type { RoleReader } from '../../../ports/firewall.ts'
import type { Shell } from '../../../ports/shell.ts'
import { parseCarpLines } from '../freebsd/carp-lines.ts'
import { refusal } from '../refusal.ts'

/** An answer that takes longer is given up, and its channel with it: it could be taken for the answer to a later question. */
const limitMs = 1000

/** Each line of input is the number of a question. */
const script = 'while read n; do echo "firedrill: $n"; ifconfig; echo "firedrill: end $n"; done'

/** Roles by `ifconfig`, asked over one shell per node that is held open: a question costs no new channel. */
export function heldRoleReader(shell: Shell): RoleReader {
  const channels = new Map<string, Channel>()
  return {
    async read(node, signal) {
      const held = channels.get(node)
      const channel = held === undefined || held.isOver ? await openChannel(shell, node, signal) : held
      channels.set(node, channel)
      const text = await channel.ask(signal)
      return parseCarpLines(text).map(({ vhid, nic, state }): VhidRole => ({ vhid, nic, state }))
    },
  }
}

interface Channel {
  readonly isOver: boolean
  ask(signal: AbortSignal): Promise<string>
}

interface Question {
  n: number
  lines: string[]
  answer: (text: string) => void
  fail: (error: Error) => void
}

async function openChannel(shell: Shell, node: string, signal: AbortSignal): Promise<Channel> {
  const end = new AbortController()
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
  let question: Question | null = null
  let isOver = false
  const opening = shell.spawn(node, `/bin/sh -c '${script}'`, {
    signal: end.signal,
    onLine: (line) => (question = hear(question, line)),
    onErrorLine: () => {},
  })
  const remote = await before(limit, opening, () => end.abort(), node)
  const over = () => {
    isOver = true
    end.abort()
    question?.fail(refusal('unreachable', `expected ${node} to go on telling its roles, the channel broke`))
  }
  void remote.ended.then(over)
  let n = 0
  return {
    get isOver() {
      return isOver
    },
    async ask(stop) {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      question = { n: (n += 1), lines: [], answer: resolve, fail: reject }
      remote.write(String(n))
      return await before(AbortSignal.any([stop, AbortSignal.timeout(limitMs)]), promise, over, node)
    },
  }
}

/** Takes a line of output; null once the question is answered. */
function hear(question: Question | null, line: string): Question | null {
  if (question === null) return null
  if (line === `firedrill: ${question.n}`) question.lines = []
  else if (line !== `firedrill: end ${question.n}`) question.lines.push(line)
  else {
    question.answer(question.lines.join('\n'))
    return null
  }
  return question
}

/** What a promise resolves to, unless the limit comes first: then all is given up. */
async function before<T>(limit: AbortSignal, promise: Promise<T>, giveUp: () => void, node: string): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const expire = () => reject(refusal('slow', `expected ${node} to tell its roles within ${limitMs / 1000} s`))
  limit.addEventListener('abort', expire, { once: true })
  if (limit.aborted) expire()
  try {
    return await Promise.race([promise, expired])
  } catch (thrown) {
    giveUp()
    promise.catch(() => {})
    throw thrown
  } finally {
    limit.removeEventListener('abort', expire)
  }
}
