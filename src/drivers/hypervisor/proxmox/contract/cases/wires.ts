import { own } from '../bench.ts'
import type { Case } from '../case.ts'
import { NotRun, expectSame, expectText, outcomeOf } from '../expectation.ts'
import { currentOf, ensureRunning, ensureStopped, nicText, pathOf } from '../own-vm.ts'
import { readNic } from './nics.ts'
import type { Bench } from '../bench.ts'

/** A NIC on the suite's own networks, which carry nobody else. */
export const wires: readonly Case[] = [
  {
    name: 'a running NIC moves to another network and back, MAC kept',
    needs: ['bridge'],
    endpoints: ['PUT /nodes/{node}/qemu/{vmid}/config'],
    run: async (bench) => {
      await onOwnNetwork(bench)
      for (const bridge of [`${own.vnet}0`, own.vnet]) {
        await bench.driver.machines.writeNic('main', 0, { bridge }, bench.signal)
        expectSame(
          'net0',
          { model: 'virtio', mac: own.mac.toLowerCase(), bridge, linkDown: false },
          await readNic(bench),
        )
      }
    },
  },
  {
    name: 'a running NIC does not move to a network that is not there, and says so',
    needs: ['bridge'],
    endpoints: ['PUT /nodes/{node}/qemu/{vmid}/config'],
    run: async (bench) => {
      await onOwnNetwork(bench)
      const net0 = nicText(',bridge=fdnone,firewall=0')
      const answer = await bench.call('PUT', pathOf(bench, 'main', '/config'), { net0 })
      await bench.call('PUT', pathOf(bench, 'main', '/config'), { revert: 'net0' })
      await ensureStopped(bench)
      expectText('missing network', /hotplug problem - |does not exist/, answer.text)
    },
  },
  {
    name: 'a VM on a network that is not there does not start, and says so',
    needs: ['bridge'],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/status/start'],
    run: async (bench) => {
      await ensureStopped(bench)
      const configured = await bench.call('PUT', pathOf(bench, 'main', '/config'), {
        net0: nicText(',bridge=fdnone,firewall=0'),
      })
      const start = await bench.call('POST', pathOf(bench, 'main', '/status/start'))
      const outcome = await outcomeOf(bench.call, bench.signal, start)
      await ensureStopped(bench)
      await bench.driver.vms.configure(bench.vmids.main, { net0: nicText() }, bench.signal)
      if (configured.status === 403) throw new NotRun(`the token lacks a right: ${configured.text}`)
      expectText('start', /bridge '.+' does not exist|interface .+ does not exist/, outcome)
    },
  },
]

async function onOwnNetwork(bench: Bench): Promise<void> {
  const listed = await bench.driver.sdn.vnets(bench.signal)
  if (!listed.some(({ vnet }) => vnet === own.vnet)) throw new NotRun('the networks could not be applied')
  await ensureStopped(bench)
  const net0 = nicText(`,bridge=${own.vnet},firewall=0`)
  await bench.driver.vms.configure(bench.vmids.main, { net0 }, bench.signal)
  await ensureRunning(bench)
  expectSame('status', 'running', (await currentOf(bench, 'main')).status)
}
