import { z } from 'zod'
import type { Commander } from '../../command-line/commander.ts'
import { refusal } from '../../refusal.ts'
import type { RestClient } from '../../rest/client.ts'
import { restCall } from './envelope.ts'

const usualLimitMs = 5000
const promptSchema = z.object({ output: z.string().nullable(), result_code: z.int().nullable() })

/** Commands by the REST package's command prompt, which runs them in /bin/sh and strips what ends the output. */
export const promptCommander = (client: RestClient): Commander => ({
  run: async (node, script, what, signal, limitMs = usualLimitMs) => {
    const prompt = { method: 'POST', path: '/diagnostics/command_prompt', body: { command: script }, limitMs } as const
    const { answer, sentMs, ackedMs } = await client.call(node, restCall(prompt, promptSchema), signal)
    const { output, result_code: code } = answer.data
    if (code === 0) return { text: `${output ?? ''}\n`, sentMs, ackedMs }
    const last = (output ?? '').trim().split('\n').at(-1) ?? ''
    throw refusal(
      'refused',
      `expected ${node} to ${what}, its command failed with exit code ${code}: ${last || 'it said nothing'}`,
    )
  },
})
