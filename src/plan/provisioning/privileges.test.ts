import { expect, test } from 'vitest'
import type { Call } from './call.ts'
import { grantLine, missingPrivileges } from './privileges.ts'

const call = (paths: string[], ...privileges: string[]): Call => ({
  method: 'POST',
  path: '/x',
  parameters: {},
  needs: [{ paths, privileges }],
  why: '',
})

test('a privilege is inherited from the nearest path that has any', () => {
  const calls = [call(['/sdn/zones/fd0'], 'SDN.Allocate')]
  expect(missingPrivileges(calls, { '/': ['SDN.Allocate'] })).toEqual([])
  expect(missingPrivileges(calls, { '/': ['SDN.Allocate'], '/sdn': ['SDN.Audit'] })).toEqual([
    { path: '/sdn/zones/fd0', privileges: ['SDN.Allocate'], calls: ['POST /x'] },
  ])
})

test('one of several paths and one of several privileges are enough', () => {
  const calls = [call(['/pool/a', '/vms/1'], 'VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted')]
  expect(missingPrivileges(calls, { '/vms/1': ['VM.GuestAgent.Unrestricted'] })).toEqual([])
})

test('what is missing on a path is one entry, and one line that grants it', () => {
  const calls = [call(['/pool/a'], 'VM.Clone'), call(['/pool/a'], 'VM.PowerMgmt'), call(['/pool/a'], 'VM.Clone')]
  const [missing, ...rest] = missingPrivileges(calls, {})
  expect(rest).toEqual([])
  expect(missing && grantLine(missing, 'lab@pve!drill')).toBe(
    "(pveum role add Firedrill-pool-a --privs 'VM.Clone VM.PowerMgmt' || pveum role modify Firedrill-pool-a --append 1 --privs 'VM.Clone VM.PowerMgmt') && pveum acl modify /pool/a --roles Firedrill-pool-a --tokens 'lab@pve!drill' --users 'lab@pve'",
  )
})
