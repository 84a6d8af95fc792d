import { z } from 'zod'
import type { Case } from '../case.ts'
import { dataOf, expectSame, expectText, expectThat } from '../expectation.ts'
import { looseNumber } from '../own-vm.ts'

/** What is read of the cluster, and of who asks. */
export const reading: readonly Case[] = [
  {
    name: 'the release is 8.4 or later',
    needs: [],
    endpoints: ['GET /version'],
    run: async ({ driver, signal }) => {
      const { major, minor, text } = await driver.cluster.release(signal)
      expectThat('expected a release from 8.4 on', major > 8 || (major === 8 && minor >= 4), text)
      expectThat('expected the product and its version', /^Proxmox VE \d/.test(await driver.machines.version(signal)))
    },
  },
  {
    name: 'the caller is told its privileges',
    needs: [],
    endpoints: ['GET /access/permissions'],
    run: async ({ driver, signal }) => {
      const permissions = await driver.privileges.permissions(signal)
      const privileges = Object.values(permissions).flat()
      expectThat('expected at least one privilege', privileges.length > 0, permissions)
      expectThat(
        'expected names like VM.Audit',
        privileges.every((name) => /^[A-Z][A-Za-z]+(\.[A-Za-z]+)+$/.test(name)),
      )
    },
  },
  {
    name: 'the node is online and the cluster has quorum',
    needs: [],
    endpoints: ['GET /cluster/status', 'GET /nodes'],
    run: async ({ driver, node, signal }) => {
      const nodes = await driver.cluster.nodes(signal)
      expectSame('the node is online', true, nodes.find((each) => each.node === node)?.online)
      const { name, quorate } = await driver.cluster.cluster(signal)
      expectSame('quorum', true, quorate)
      expectThat('expected a name of the cluster', name !== '', name)
    },
  },
  {
    name: 'the bridges of the node are listed',
    needs: [],
    endpoints: ['GET /nodes/{node}/network'],
    run: async ({ driver, node, signal }) => {
      const bridges = await driver.cluster.bridges(node, signal)
      expectThat(
        'expected every bridge to have a name',
        bridges.every(({ name }) => /^[a-zA-Z]/.test(name)),
        bridges,
      )
    },
  },
  {
    name: 'VMs are listed over the whole cluster and on the node',
    needs: [],
    endpoints: ['GET /cluster/resources', 'GET /nodes/{node}/qemu'],
    run: async ({ driver, call, node, signal }) => {
      const listed = await driver.vms.list(signal)
      const here = dataOf('VMs of the node', vmList, await call('GET', `/nodes/${node}/qemu`))
      expectThat(
        'expected a VM of the cluster to have a node',
        listed.every((vm) => vm.node !== ''),
      )
      expectThat('expected a list of VMs', Array.isArray(here))
    },
  },
  {
    name: 'nextid says whether a VMID is free and reserves nothing',
    needs: [],
    endpoints: ['GET /cluster/nextid'],
    run: async ({ call, vmids }) => {
      for (const _ of ['first', 'again']) {
        const answer = await call('GET', '/cluster/nextid', { vmid: vmids.none })
        expectSame('nextid', vmids.none, dataOf('nextid', looseNumber, answer))
      }
    },
  },
  {
    name: 'a node of another name is refused in words',
    needs: [],
    endpoints: ['GET /nodes/{node}/qemu'],
    run: async ({ call }) => {
      const answer = await call('GET', '/nodes/firedrill-contract-none/qemu')
      expectThat('expected a refusal', answer.status >= 500, answer.status)
      expectText('wrong node', /hostname lookup '.+' failed|no such cluster node '.+'/, answer.text)
    },
  },
]

const vmList = z.array(z.looseObject({ vmid: looseNumber, status: z.string() }))
