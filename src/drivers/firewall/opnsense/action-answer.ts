import { z } from 'zod'
import type { ToggleAction } from '../maintenance/toggle.ts'
import { refusal } from '../refusal.ts'

/** What OPNsense says of a verb of CARP, over REST and configctl alike: 200 and exit code 0 say nothing. */
export const carpActionSchema = z.union([
  z.object({
    status: z.literal('ok'),
    action: z.enum(['enter_maintenance', 'leave_maintenance', 'disable', 'enable']),
  }),
  z.object({ status: z.string() }).strict(),
  z.object({ message: z.string() }),
])

export type CarpAction = z.output<typeof carpActionSchema>

/** The action that was carried out, where it is one of those that the verb can mean. */
export function actionOf<Action extends string>(
  node: string,
  verb: string,
  answer: CarpAction,
  expected: readonly Action[],
): Action {
  const came = 'action' in answer ? answer.action : null
  const action = expected.find((one) => one === came)
  if (action !== undefined) return action
  throw refusal(
    'refused',
    `expected ${node} to answer ${verb} with ${expected.join(' or ')}, came ${JSON.stringify(answer)}`,
  )
}

export const toggleActions: readonly ToggleAction[] = ['enter_maintenance', 'leave_maintenance']
