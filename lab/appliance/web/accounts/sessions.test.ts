import { expect, it } from 'vitest'
import { createSessions } from './sessions.ts'

it('a session has its user from the login on, under a new id, for four idle hours', () => {
  let now = 0
  const sessions = createSessions(() => now)
  const visitor = sessions.open()
  expect(visitor.user).toBeUndefined()
  const user = sessions.logIn(visitor, 'root')
  expect(sessions.find(visitor.id)).toBeUndefined()
  expect(user.tokenName).not.toBe(visitor.tokenName)
  now = 3 * 3600 * 1000
  expect(sessions.find(user.id)).toBe(user)
  now += 5 * 3600 * 1000
  expect(sessions.find(user.id)).toBeUndefined()
})

it('who logs out is unknown, and so is no cookie', () => {
  const sessions = createSessions()
  const session = sessions.logIn(sessions.open(), 'root')
  sessions.end(session)
  expect(sessions.find(session.id)).toBeUndefined()
  expect(sessions.find(undefined)).toBeUndefined()
})
