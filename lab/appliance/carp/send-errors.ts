import type { Step } from './step.ts'

const maxErrors = 3
const minSuccesses = 3

/**
 * carp_send_ad_error(): the third advertisement of a VHID that cannot be sent demotes the node, three good ones after that
 * undo it. The factor is 0 on today's products, so that only the log tells.
 */
export function countSent(step: Step, at: number, error: number | undefined): void {
  const { sendErrors, sendSuccesses, device } = step.at(at)
  if (error !== undefined) {
    step.update(at, { sendErrors: sendErrors + 1, sendSuccesses: 0 })
    if (sendErrors + 1 === maxErrors) step.demote(step.senderrFactor, `send error ${error} on ${device}`)
    return
  }
  if (sendErrors === 0) return
  if (sendSuccesses + 1 < minSuccesses) return step.update(at, { sendSuccesses: sendSuccesses + 1 })
  if (sendErrors >= maxErrors) step.demote(-step.senderrFactor, `send ok on ${device}`)
  step.update(at, { sendErrors: 0, sendSuccesses: 0 })
}
