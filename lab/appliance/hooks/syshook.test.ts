import { expect, it } from 'vitest'
import { createEventQueue, runCarpHooks } from './syshook.ts'

function recorder() {
  const lines: string[] = []
  return {
    lines,
    log: { kernel: () => undefined, program: (name: string, text: string) => void lines.push(`${name}: ${text}`) },
  }
}

it('events are handled one after another, in order, whatever each takes', async () => {
  const { lines, log } = recorder()
  const queue = createEventQueue(log)
  const task = (name: string, ms: number) => async () => {
    lines.push(`${name} begins`)
    await new Promise((resolve) => setTimeout(resolve, ms))
    lines.push(`${name} ends`)
  }
  queue(task('MASTER', 20))
  queue(task('BACKUP', 1))
  await new Promise<void>((resolve) => queue(async () => resolve()))
  expect(lines).toEqual(['MASTER begins', 'MASTER ends', 'BACKUP begins', 'BACKUP ends'])
})

it('hooks run in name order, and one that fails is logged and does not stop the next', async () => {
  const { lines, log } = recorder()
  const hook = (name: string) => ({
    name,
    run: async (subsystem: string, state: string) => void lines.push(`${name} ${subsystem} ${state}`),
  })
  const broken = { name: '15-broken', run: () => Promise.reject(new Error('no such file')) }
  await runCarpHooks([hook('20-b'), broken, hook('10-a')], '1@vtnet1', 'INIT', log)
  expect(lines).toEqual(['10-a 1@vtnet1 INIT', '15-broken: no such file', '20-b 1@vtnet1 INIT'])
})
