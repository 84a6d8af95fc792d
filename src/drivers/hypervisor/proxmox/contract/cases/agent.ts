import type { Case } from '../case.ts'
import { expectSame, expectText, outcomeOf } from '../expectation.ts'
import { ensureRunning, ensureStopped, pathOf } from '../own-vm.ts'
import { refusalKind } from '../refusal.ts'

/** The guest agent, as far as a VM without a guest can show it. */
export const agent: readonly Case[] = [
  {
    name: 'a VM without an agent says so, and the driver takes it for not there yet',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/agent/ping'],
    run: async (bench) => {
      await ensureRunning(bench)
      const answer = await bench.call('POST', pathOf(bench, 'main', '/agent/ping'))
      expectText(
        'no agent configured',
        /No QEMU guest agent configured/,
        await outcomeOf(bench.call, bench.signal, answer),
      )
      expectSame('ping', false, await bench.driver.agent.ping(bench.vmids.main, bench.signal))
    },
  },
  {
    name: 'an agent that does not run is refused in words, for every call',
    needs: [],
    endpoints: [
      'POST /nodes/{node}/qemu/{vmid}/agent/exec',
      'GET /nodes/{node}/qemu/{vmid}/agent/network-get-interfaces',
    ],
    run: async (bench) => {
      const { driver, signal, vmids } = bench
      await ensureStopped(bench)
      await driver.vms.configure(vmids.main, { agent: 'enabled=1' }, signal)
      await ensureRunning(bench)
      const answer = await bench.call('POST', pathOf(bench, 'main', '/agent/ping'))
      expectText('agent', /QEMU guest agent is not running/, await outcomeOf(bench.call, signal, answer))
      expectSame(
        'exec',
        'agent-missing',
        await refusalKind(() => driver.agent.exec(vmids.main, ['true', '-x'], signal)),
      )
      expectSame('addresses', 'agent-missing', await refusalKind(() => driver.agent.addresses(vmids.main, signal)))
    },
  },
  {
    name: 'the agent of a VM that is off is refused in words',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/agent/ping'],
    run: async (bench) => {
      await ensureStopped(bench)
      await bench.driver.vms.configure(bench.vmids.main, { agent: 'enabled=1' }, bench.signal)
      const answer = await bench.call('POST', pathOf(bench, 'main', '/agent/ping'))
      const outcome = await outcomeOf(bench.call, bench.signal, answer)
      await bench.driver.vms.configure(bench.vmids.main, { delete: 'agent' }, bench.signal)
      expectText('agent of a VM that is off', /VM \d+ is not running/, outcome)
    },
  },
]
