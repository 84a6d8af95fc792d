import { createHmac, randomBytes } from 'node:crypto'

/** Proof that a form came from a page of ours: `sid:<hash>,<timestamp>`, bound to the session, valid for two hours. */
export type Magic = { make: (sessionId: string) => string; isValid: (sessionId: string, magic: string) => boolean }

const validSeconds = 7200

export function createMagic(nowSeconds: () => number = () => Math.floor(Date.now() / 1000)): Magic {
  const secret = randomBytes(20)
  const sign = (sessionId: string, time: number): string => {
    const hash = createHmac('sha1', secret).update(`${time}:${sessionId}`).digest('hex')
    return `sid:${hash},${time}`
  }
  return {
    make: (sessionId) => sign(sessionId, nowSeconds()),
    isValid: (sessionId, magic) => {
      const time = Number(/,(\d{1,12})$/.exec(magic)?.[1] ?? 'none')
      return nowSeconds() <= time + validSeconds && magic === sign(sessionId, time)
    },
  }
}
