import { expect, it } from 'vitest'
import { groupOf, listOf, parseForm, parseJsonObject, textOf } from './form.ts'

it('a form is read as PHP reads it', () => {
  const fields = parseForm('a=1&hasync%5Bpeer%5D=x+y&sort[interface]=asc&mode[]=carp&mode[]=ipalias')
  expect(fields).toEqual({ a: '1', hasync: { peer: 'x y' }, sort: { interface: 'asc' }, mode: ['carp', 'ipalias'] })
  expect(textOf(fields, 'a')).toBe('1')
  expect(textOf(fields, 'mode')).toBe('')
  expect(listOf(fields, 'mode')).toEqual(['carp', 'ipalias'])
  expect(groupOf(fields, 'hasync')).toEqual({ peer: 'x y' })
})

it('only a JSON object has fields', () => {
  expect(parseJsonObject('{"current":1,"on":true}')).toEqual({ current: 1, on: true })
  for (const text of ['', '[]', '3', '{', 'null']) expect(parseJsonObject(text)).toBeUndefined()
})

it('names of the prototype are no fields', () => {
  expect(textOf(parseForm('__proto__[x]=1'), 'x')).toBe('')
  expect(textOf({}, 'constructor')).toBe('')
})
