import { expect, test } from 'vitest'
import type { Shell } from '../../../ports/shell.ts'
import { heldRoleReader } from './held-role-reader.ts'

const ifconfig = `vtnet1: flags=1008943<UP,BROADCAST,RUNNING,PROMISC> metric 0 mtu 1500
	ether bc:24:11:00:00:01
	carp: MASTER vhid 1 advbase 1 advskew 0
	      peer 224.0.0.18 peer6 ff02::12`
const roles = [{ vhid: 1, nic: 'vtnet1', state: 'MASTER' }]
const never = new AbortController().signal

/** A node whose shells answer each question with `answer`, or not at all where it gives none. Counts the shells. */
function node(answer: (n: string) => string | null) {
  const opened: AbortSignal[] = []
  const shell: Shell = {
    run: () => Promise.reject(new Error('no command of its own')),
    close: () => Promise.resolve(),
    spawn: (_, __, { onLine, signal }) => {
      opened.push(signal)
      const { promise, resolve } = Promise.withResolvers<number | null>()
      signal.addEventListener('abort', () => resolve(null))
      const write = (n: string) => {
        const text = answer(n)
        if (text === 'end') resolve(1)
        else if (text !== null) for (const line of text.split('\n')) onLine(line)
      }
      return Promise.resolve({ write, end: () => resolve(0), ended: promise })
    },
  }
  return { shell, opened }
}
const said = (n: string) => `firedrill: ${n}\n${ifconfig}\nfiredrill: end ${n}`

test('many questions to a node go over one shell', async () => {
  const { shell, opened } = node(said)
  const reader = heldRoleReader(shell)
  for (let count = 0; count < 5; count += 1) expect(await reader.read('fw1', never)).toEqual(roles)
  expect(opened).toHaveLength(1)
  await reader.read('fw2', never)
  expect(opened).toHaveLength(2)
})

test('an answer that does not come in time ends its shell, so that it is never taken for a later one', async () => {
  let isSilent = true
  const { shell, opened } = node((n) => (isSilent ? null : said(n)))
  const reader = heldRoleReader(shell)
  await expect(reader.read('fw1', never)).rejects.toThrow('within 1 s')
  expect(opened[0]?.aborted).toBe(true)
  isSilent = false
  expect(await reader.read('fw1', never)).toEqual(roles)
  expect(opened).toHaveLength(2)
})

test('what an earlier question was told is not mixed into the answer', async () => {
  const { shell } = node((n) => `firedrill: 99\nrubbish\n${said(n)}`)
  expect(await heldRoleReader(shell).read('fw1', never)).toEqual(roles)
})

test('a shell that breaks is an error at once, and the next question opens another', async () => {
  let isBroken = true
  const { shell, opened } = node((n) => (isBroken ? 'end' : said(n)))
  const reader = heldRoleReader(shell)
  await expect(reader.read('fw1', never)).rejects.toThrow('the channel broke')
  isBroken = false
  expect(await reader.read('fw1', never)).toEqual(roles)
  expect(opened).toHaveLength(2)
})
