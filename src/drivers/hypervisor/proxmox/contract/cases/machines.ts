import { own } from '../bench.ts'
import type { Case } from '../case.ts'
import { dataOf, expectRefusal, expectSame, expectText, expectThat, outcomeOf } from '../expectation.ts'
import { ensureRunning, ensureStopped, ensureVm, nicText, pathOf } from '../own-vm.ts'
import { isPending, pendingList } from '../pending.ts'
import { refusalKind } from '../refusal.ts'

/** VMs made, configured and removed. */
export const machines: readonly Case[] = [
  {
    name: 'a VM without a disk is made in its pool, with name and tags',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu', 'GET /cluster/resources', 'GET /nodes/{node}/qemu/{vmid}/config'],
    run: async (bench) => {
      const { driver, signal, vmids } = bench
      await ensureVm(bench, 'main')
      const config = await driver.vms.configuration(vmids.main, signal)
      expectSame('name', own.nameOf('main'), config['name'])
      expectSame('memory', '64', config['memory'])
      expectSame('tags', ['firedrill', 'firedrill-contract'], (config['tags'] ?? '').split(/[;, ]/).toSorted())
      const listed = (await driver.vms.list(signal)).find((vm) => vm.vmid === vmids.main)
      expectSame('node', bench.node, listed?.node)
      expectSame('template', false, listed?.isTemplate)
    },
  },
  {
    name: 'a VMID that is taken is refused, and nextid says so',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu', 'GET /cluster/nextid'],
    run: async (bench) => {
      const { driver, call, signal, vmids } = bench
      await ensureVm(bench, 'main')
      const again = {
        vmid: vmids.main,
        name: own.nameOf('main'),
        pool: own.pool,
        settings: { memory: '64', tags: own.tags },
      }
      expectSame('second creation', 'vmid-taken', await refusalKind(() => driver.vms.create(again, signal)))
      const answer = await call('GET', '/cluster/nextid', { vmid: vmids.main })
      expectRefusal('nextid of a taken VMID', answer, 400, /VM \d+ already exists/)
    },
  },
  {
    name: 'a VM that is off takes a new configuration at once',
    needs: [],
    endpoints: ['PUT /nodes/{node}/qemu/{vmid}/config', 'GET /nodes/{node}/qemu/{vmid}/pending'],
    run: async (bench) => {
      const { driver, call, signal, vmids } = bench
      await ensureStopped(bench)
      await driver.vms.configure(vmids.main, { memory: '80', description: 'firedrill contract' }, signal)
      expectSame('memory', '80', (await driver.vms.configuration(vmids.main, signal))['memory'])
      await driver.vms.configure(vmids.main, { memory: '64', delete: 'description' }, signal)
      expectSame('description', undefined, (await driver.vms.configuration(vmids.main, signal))['description'])
      const pending = dataOf('pending', pendingList, await call('GET', pathOf(bench, 'main', '/pending')))
      expectSame('pending values', [], pending.filter(isPending))
    },
  },
  {
    name: 'SSH keys survive their double encoding',
    needs: [],
    endpoints: ['PUT /nodes/{node}/qemu/{vmid}/config'],
    run: async (bench) => {
      const { driver, signal, vmids } = bench
      await ensureStopped(bench)
      const keys =
        'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEQ+/kZoQZ7p0m2bq1mZy7m9mYx3v5hQmJm1n1cT8u9a contract+suite@example\n'
      await driver.vms.configure(
        vmids.main,
        { sshkeys: keys, ipconfig0: 'ip=10.9.9.2/24,gw=10.9.9.1', ciuser: 'root' },
        signal,
      )
      const config = await driver.vms.configuration(vmids.main, signal)
      expectSame('keys', keys.trim(), decodeURIComponent(config['sshkeys'] ?? '').trim())
      await driver.vms.configure(vmids.main, { delete: 'sshkeys,ipconfig0,ciuser' }, signal)
    },
  },
  {
    name: 'a property string with an unknown key is 400 and names it',
    needs: [],
    endpoints: ['PUT /nodes/{node}/qemu/{vmid}/config'],
    run: async (bench) => {
      await ensureStopped(bench)
      const answer = await bench.call(
        'PUT',
        pathOf(bench, 'main', '/config'),
        { net0: nicText(',nope=1') },
        { isWrong: true },
      )
      expectRefusal(
        'unknown key',
        answer,
        400,
        /net0: invalid format - format error.*net0\.nope: property is not defined/s,
      )
    },
  },
  {
    name: 'a configuration changed by somebody else in between is refused',
    needs: [],
    endpoints: ['PUT /nodes/{node}/qemu/{vmid}/config'],
    run: async (bench) => {
      await ensureStopped(bench)
      const parameters = { memory: 96, digest: '0'.repeat(40) }
      const answer = await bench.call('PUT', pathOf(bench, 'main', '/config'), parameters)
      expectRefusal('digest', answer, 500, /checksum mismatch/)
    },
  },
  {
    name: 'what only root may do is refused to a token in words',
    needs: [],
    endpoints: ['PUT /nodes/{node}/qemu/{vmid}/config'],
    run: async (bench) => {
      await ensureStopped(bench)
      const answer = await bench.call('PUT', pathOf(bench, 'main', '/config'), { memory: 96, skiplock: 1 })
      expectThat('expected a refusal', answer.status !== 200, answer.text)
      expectText('skiplock', /Only root may use this option/, answer.text)
    },
  },
  {
    name: 'protection refuses removal, and says that it is on',
    needs: [],
    endpoints: ['GET /nodes/{node}/qemu/{vmid}/config', 'GET /nodes/{node}/qemu/{vmid}/status/current'],
    run: async (bench) => {
      const { driver, call, signal, vmids } = bench
      await ensureStopped(bench)
      await driver.vms.configure(vmids.main, { protection: '1' }, signal)
      expectSame(
        'protection',
        { haManaged: false, isProtected: true },
        await driver.cluster.protection(vmids.main, signal),
      )
      const outcome = await outcomeOf(call, signal, await call('DELETE', pathOf(bench, 'main')))
      await driver.vms.configure(vmids.main, { protection: '0' }, signal)
      expectText('removing a protected VM', /protection mode enabled/, outcome)
    },
  },
  {
    name: 'a VM that runs is not deleted',
    needs: [],
    endpoints: ['DELETE /nodes/{node}/qemu/{vmid}'],
    run: async (bench) => {
      await ensureRunning(bench)
      const outcome = await outcomeOf(bench.call, bench.signal, await bench.call('DELETE', pathOf(bench, 'main')))
      expectText('deleting a running VM', /VM \d+ is running - destroy failed/, outcome)
    },
  },
  {
    name: 'a VM that is not there is said to be missing, and destroying it is done already',
    needs: [],
    endpoints: ['DELETE /nodes/{node}/qemu/{vmid}'],
    run: async (bench) => {
      const missing = /Configuration file 'nodes\/.+\/qemu-server\/\d+\.conf' does not exist/
      expectRefusal('missing VM', await bench.call('GET', pathOf(bench, 'none', '/config')), 500, missing)
      expectText(
        'missing VM',
        missing,
        await outcomeOf(bench.call, bench.signal, await bench.call('DELETE', pathOf(bench, 'none'))),
      )
      await bench.driver.vms.destroy(bench.vmids.none, bench.signal)
    },
  },
]
