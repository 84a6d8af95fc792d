import type { Check } from './check.ts'
import { pass, unknown } from './check.ts'

/** Unknown where something that the drill broke was not mended, or no undo was planned for a fault that was begun. */
export const undoDone: Check = {
  id: 'undo-done',
  title: 'everything was undone',
  because: 'what the drill leaves broken spoils the next one, and the pair',
  judge({ facts }) {
    const undos = facts.of('undo')
    const ids = [...new Set(undos.map(({ id }) => id))]
    const last = ids.flatMap((id) => undos.findLast((undo) => undo.id === id) ?? [])
    const left = last.filter(({ state }) => state !== 'done')
    const missing = facts.of('injected').filter(({ step }) => !ids.includes(step))
    if (left.length > 0) {
      return [
        unknown(
          `left to undo: ${left.map(({ what, error }) => (error === undefined ? what : `${what} (${error})`)).join('; ')}`,
        ),
      ]
    }
    if (missing.length > 0) return [unknown(`no undo was planned for ${missing.map(({ step }) => step).join(', ')}`)]
    return [pass(last.length === 0 ? 'nothing was broken' : last.map(({ what }) => `${what}: undone`).join('; '))]
  },
}
