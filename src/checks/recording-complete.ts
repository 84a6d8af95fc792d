import type { Check } from './check.ts'
import { pass, unknown } from './check.ts'

/** Pass only where the recording runs to its own last fact, and every vantage machine has said that it resolved its last probe. */
export const recordingComplete: Check = {
  id: 'recording-complete',
  title: 'the recording is complete',
  because: 'what is missing from a torn recording could have been anything',
  judge({ facts, unreadable, unreadableLines }) {
    if (unreadable !== null) return [unknown(unreadable)]
    if (unreadableLines > 0) return [unknown(`${unreadableLines} lines could not be read`)]
    const { last } = facts
    if (last?.type !== 'run-ended') return [unknown('it breaks off before the end of the run (no run-ended)')]
    if (last.outcome !== 'completed') return [unknown(`the run was ${last.outcome}: ${last.reason}`)]
    const closed = new Set(facts.of('streams-closed').map(({ machine }) => machine))
    const open = [...new Set(facts.of('stream-opened').map(({ from }) => from))].filter((from) => !closed.has(from))
    if (open.length > 0) return [unknown(`the streams of ${open.join(', ')} break off (no streams-closed)`)]
    return [pass(`${facts.count} events, from the start of the run to its end`)]
  },
}
