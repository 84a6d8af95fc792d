import { randomBytes } from 'node:crypto'

/** A browser that has asked for a page; `user` is set once it has logged in. */
export type Session = {
  id: string
  user: string | undefined
  /** The name of the form field that proves the page is ours; random for each session. */
  tokenName: string
  token: string
}

/** Sessions by cookie; the ones unused for four hours are forgotten. */
export type Sessions = {
  find: (id: string | undefined) => Session | undefined
  open: () => Session
  /** A session under a new id, as after each login, so that a cookie from before is worth nothing. */
  logIn: (session: Session, user: string) => Session
  end: (session: Session) => void
}

const idleMs = 4 * 3600 * 1000
const most = 1000

export function createSessions(nowMs: () => number = () => performance.now()): Sessions {
  const known = new Map<string, { session: Session; usedAtMs: number }>()
  const keep = (session: Session): Session => {
    known.delete(session.id)
    known.set(session.id, { session, usedAtMs: nowMs() })
    const oldest = known.keys().next().value
    if (known.size > most && oldest !== undefined) known.delete(oldest)
    return session
  }
  return {
    find: (id = '') => {
      const entry = known.get(id)
      if (entry === undefined) return undefined
      if (nowMs() - entry.usedAtMs <= idleMs) return keep(entry.session)
      known.delete(id)
      return undefined
    },
    open: () => keep(newSession(undefined)),
    logIn: (session, user) => {
      known.delete(session.id)
      return keep(newSession(user))
    },
    end: ({ id }) => void known.delete(id),
  }
}

function newSession(user: string | undefined): Session {
  const random = (bytes: number): string => randomBytes(bytes).toString('hex')
  return { id: random(16), user, tokenName: random(11), token: random(16) }
}
