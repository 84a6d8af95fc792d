import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createFileLock } from './file-lock.ts'

test('operations run one after the other, in the order in which they came', async () => {
  const lock = createFileLock(100)
  const done: number[] = []
  await Promise.all([30, 10, 0].map((ms, index) => lock.hold(() => sleep(ms).then(() => done.push(index)))))
  expect(done).toEqual([0, 1, 2])
})

test('who has waited long enough is refused in the words of Proxmox VE, and holds nobody up', async () => {
  const lock = createFileLock(100)
  const holder = lock.hold(() => sleep(80))
  await expect(lock.hold(() => 'late', 20)).rejects.toThrow(
    "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout",
  )
  expect(await lock.hold(() => 'next', 500)).toBe('next')
  await holder
})

test('a failed operation frees the lock', async () => {
  const lock = createFileLock(100)
  await expect(lock.hold(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await lock.hold(() => 'next', 50)).toBe('next')
})
