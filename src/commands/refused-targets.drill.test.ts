import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { shippedLab, shippedScenario } from './firedrill.fixture.ts'
import { useHypervisorSite } from './hypervisor.fixture.ts'

const site = useHypervisorSite()

/**
 * Runs the shipped drill on a target that it must refuse; resolves to the complaint and the advice below it, one line each. Nothing is
 * made meanwhile; `healed` runs before that is looked at.
 */
async function refusal(
  target: string,
  {
    scenario = shippedScenario,
    healed = () => Promise.resolve(),
  }: { scenario?: string; healed?: () => Promise<void> } = {},
): Promise<{ complaint: string; advice: string }> {
  const { code, stdout, stderr } = await site.place.run(['run', scenario, '--target', target])
  const [, complaint = '', advice = '', ...more] = stderr.split('\n')
  expect({ code, stdout, more }).toEqual({ code: 69, stdout: '', more: [''] })
  await healed()
  expect(await site.hypervisor.state()).toEqual(site.before)
  expect(site.place.leftovers()).toEqual([])
  return { complaint, advice }
}

const withToken = (name: string, token: string): string => {
  const file = site.place.write(name, `${token}\n`)
  chmodSync(file, 0o600)
  return site.hypervisor.variant(`${name}.json`, { tokenFile: file })
}

test('a token that the hypervisor does not know', async () => {
  const { complaint, advice } = await refusal(withToken('unknown', `root@pam!drill=${crypto.randomUUID()}`))
  expect(complaint).toMatch(/^firedrill: .* refused with 401/)
  expect(advice).toContain('token')
})

test('a certificate that is not the pinned one', async () => {
  const fingerprint = Array.from({ length: 32 }, () => '5A').join(':')
  const { complaint, advice } = await refusal(site.hypervisor.variant('pinned.json', { fingerprint }))
  expect(complaint).toContain(
    `expected the server's certificate to be ${fingerprint}, came ${site.hypervisor.target.fingerprint}`,
  )
  expect(advice).toContain('fingerprint from the node')
})

test('a certificate that has expired', async () => {
  const { key, certificate } = expiredCertificate()
  let requests = 0
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, () => {
    requests += 1
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = z.object({ port: z.number() }).parse(server.address())
  const changes = { url: `https://127.0.0.1:${port}`, fingerprint: undefined, caFile: certificate }
  const { complaint, advice } = await refusal(site.hypervisor.variant('expired.json', changes))
  server.close()
  expect(complaint).toContain('expired')
  expect(advice).not.toBe('')
  expect(requests).toBe(0)
})

test('a node that the cluster does not have', async () => {
  const { complaint } = await refusal(site.hypervisor.variant('node.json', { node: 'pve9' }))
  expect(complaint).toContain('expected node pve9 in cluster pve1, which has pve1; correct "node"')
})

test('a lab of an image that nobody has made a template of', async () => {
  site.place.write('lab.yaml', readFileSync(shippedLab, 'utf8').replaceAll('opnsense-25.7', 'opnsense-19.1'))
  const scenario = readFileSync(shippedScenario, 'utf8').replace(/^lab: .*$/m, 'lab: lab.yaml')
  const { complaint } = await refusal(site.hypervisor.targetFile, {
    scenario: site.place.write('drill.yaml', scenario),
  })
  expect(complaint).toContain('expected a VM template named firedrill-opnsense-19-1, found none; lab/build makes it')
})

test.each([
  ['Pool.Allocate', '/pool/firedrill-opnsense-single-wan'],
  ['SDN.Allocate', '/sdn and 2 paths more'],
  ['VM.Clone', '/vms/9001 and 3 paths more'],
  ['VM.PowerMgmt', '/pool/firedrill-opnsense-single-wan'],
  ['Datastore.AllocateTemplate', '/storage/local'],
])('a token without %s', async (privilege, path) => {
  const role = z.array(z.object({ roleid: z.string(), privs: z.string() }))
  const all = role
    .parse(await site.hypervisor.call('GET', '/access/roles'))
    .find(({ roleid }) => roleid === 'Administrator')
  const privs = all?.privs.split(',').filter((each) => each !== privilege)
  await site.hypervisor.call('POST', '/firedrill/roles', { roleid: 'AllButOne', privs: privs?.join(',') })
  const made = await site.hypervisor.call('POST', '/access/users/root@pam/token/limited', { privsep: 1 })
  const { value } = z.object({ value: z.string() }).parse(made)
  const acl = { path: '/', roles: 'AllButOne', tokens: 'root@pam!limited' }
  await site.hypervisor.call('PUT', '/access/acl', acl)
  const { complaint } = await refusal(withToken('limited', `root@pam!limited=${value}`), {
    healed: async () => void (await site.hypervisor.call('DELETE', '/access/users/root@pam/token/limited')),
  })
  expect(complaint).toBe(
    `firedrill: the token lacks ${privilege} on ${path}; firedrill doctor prints the lines that grant it`,
  )
})

test('a cluster that has lost its quorum', async () => {
  await site.hypervisor.call('POST', '/firedrill/faults', { fault: { kind: 'quorum-lost' } })
  const { complaint, advice } = await refusal(site.hypervisor.targetFile, {
    healed: async () => void (await site.hypervisor.call('DELETE', '/firedrill/faults')),
  })
  expect(`${complaint} ${advice}`).toContain('quorum')
  expect(`${complaint} ${advice}`).toContain('bring its')
})

test('an address where nobody listens', async () => {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = z.object({ port: z.number() }).parse(server.address())
  await once(server.close(), 'close')
  const { complaint, advice } = await refusal(
    site.hypervisor.variant('nobody.json', { url: `https://127.0.0.1:${port}` }),
  )
  expect(complaint).toContain('ECONNREFUSED')
  expect(advice).toContain('nothing listens there')
})

/** Files of a key and a self-signed certificate for 127.0.0.1 that ended yesterday. */
function expiredCertificate(): { key: string; certificate: string } {
  const file = (name: string) => join(site.place.folder, name)
  const [key, request, certificate] = [file('key.pem'), file('request.pem'), file('leaf.pem')]
  const openssl = (...options: string[]) => execFileSync('openssl', options, { stdio: 'pipe' })
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key]
  openssl('req', ...curve, '-subj', '/CN=pve1', '-addext', 'subjectAltName=IP:127.0.0.1', '-out', request)
  const signed = ['-signkey', key, '-days', '-1', '-copy_extensions', 'copy']
  openssl('x509', '-req', '-in', request, ...signed, '-out', certificate)
  return { key, certificate }
}
