import { expect, test } from 'vitest'
import { createAccess, privilegesOn, type Access } from './access.ts'

function withToken(privsep: boolean, entries: Access['acl']): Access {
  const { access } = createAccess('firedrill')
  access.tokens.set('root@pam!few', { id: 'root@pam!few', secret: 'x', privsep, expire: 0 })
  access.acl = entries
  return access
}

const grant = (path: string, roleid: string, propagate = true) => ({
  path,
  type: 'token' as const,
  ugid: 'root@pam!few',
  roleid,
  propagate,
})

test('a token with privilege separation has what was given to itself, one without has all of its user', () => {
  expect(privilegesOn(withToken(true, []), 'root@pam!few', '/vms/100').size).toBe(0)
  expect(privilegesOn(withToken(false, []), 'root@pam!few', '/vms/100').has('VM.PowerMgmt')).toBe(true)
})

test('a privilege holds below its path unless it does not propagate, and a deeper entry replaces it', () => {
  const access = withToken(true, [
    grant('/', 'PVEAuditor'),
    grant('/vms/100', 'PVEVMUser'),
    grant('/nodes', 'PVESysAdmin', false),
  ])
  expect([...privilegesOn(access, 'root@pam!few', '/vms/101').keys()]).toContain('VM.Audit')
  expect(privilegesOn(access, 'root@pam!few', '/vms/100').has('VM.PowerMgmt')).toBe(true)
  expect(privilegesOn(access, 'root@pam!few', '/vms/100').has('SDN.Audit')).toBe(false)
  expect(privilegesOn(access, 'root@pam!few', '/nodes/pve1').has('Sys.Console')).toBe(false)
})

test('a VM has the privileges of its pool', () => {
  const access = withToken(true, [grant('/pool/lab', 'PVEVMAdmin')])
  const poolOf = (vmid: number): string | undefined => (vmid === 100 ? 'lab' : undefined)
  expect(privilegesOn(access, 'root@pam!few', '/vms/100', poolOf).has('VM.Allocate')).toBe(true)
  expect(privilegesOn(access, 'root@pam!few', '/vms/101', poolOf).size).toBe(0)
})

test('VM.Monitor is gone since 9.0', () => {
  expect(privilegesOn(createAccess('x').access, 'root@pam', '/vms/100').has('VM.Monitor')).toBe(false)
})
