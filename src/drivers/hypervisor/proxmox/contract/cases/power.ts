import { own } from '../bench.ts'
import type { Bench } from '../bench.ts'
import type { Case } from '../case.ts'
import { expectSame, expectText, expectThat, outcomeOf } from '../expectation.ts'
import { currentOf, ensureRunning, ensureStopped, pathOf } from '../own-vm.ts'
import { refusalKind } from '../refusal.ts'

const name = 'main'

/** Power, run state, and what is refused in which state. */
export const power: readonly Case[] = [
  {
    name: 'a VM starts; a second start is a failed task, and what was asked for',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/status/start', 'GET /nodes/{node}/qemu/{vmid}/status/current'],
    run: async (bench) => {
      const { driver, signal } = bench
      await ensureStopped(bench)
      expectSame('state', 'stopped', await driver.machines.powerState(name, signal))
      await ensureRunning(bench)
      expectSame('state', 'running', await driver.machines.powerState(name, signal))
      expectText('second start', /VM \d+ already running/, await outcomeOfAction(bench, 'start'))
      const { sentMs, ackedMs } = await driver.machines.start(name, signal)
      expectThat('expected a reply after its request', ackedMs >= sentMs)
    },
  },
  {
    name: 'a suspended VM is paused, keeps its process, refuses a shutdown, and resumes',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/status/suspend', 'POST /nodes/{node}/qemu/{vmid}/status/resume'],
    run: async (bench) => {
      const { machines } = bench.driver
      await ensureRunning(bench)
      const { pid } = await currentOf(bench, name)
      await machines.suspend(name, bench.signal)
      expectSame('run state', 'paused', await machines.runState(name, bench.signal))
      expectSame('status and process', ['running', pid], await statusAndPid(bench))
      expectText('shutdown of a paused VM', /VM is paused - cannot shutdown/, await outcomeOfAction(bench, 'shutdown'))
      await machines.resume(name, bench.signal)
      expectSame('run state', 'running', await machines.runState(name, bench.signal))
      expectSame('resuming a running VM', 'OK', await outcomeOfAction(bench, 'resume'))
    },
  },
  {
    name: 'a reset keeps the process',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/status/reset'],
    run: async (bench) => {
      await ensureRunning(bench)
      const before = await currentOf(bench, name)
      await bench.driver.machines.reset(name, bench.signal)
      const after = await currentOf(bench, name)
      expectSame('process', before.pid, after.pid)
      expectThat('expected uptime to go on', (after.uptime ?? 0) >= (before.uptime ?? 0), after.uptime)
    },
  },
  {
    name: 'a guest that ignores a shutdown fails its task in words',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/status/shutdown'],
    run: async (bench) => {
      await ensureRunning(bench)
      const outcome = await outcomeOfAction(bench, 'shutdown', { timeout: 2 })
      expectText('shutdown', /VM quit\/powerdown failed( - got timeout)?/, outcome)
      expectSame('state', 'running', await bench.driver.machines.powerState(name, bench.signal))
    },
  },
  {
    name: 'a shutdown holds the lock of its VM; overruling it stops the VM',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/status/stop'],
    run: async (bench) => {
      await ensureRunning(bench)
      const shutdown = await bench.call('POST', pathOf(bench, name, '/status/shutdown'), { timeout: 40 })
      expectSame('shutdown', 200, shutdown.status)
      const write = await bench.call('PUT', pathOf(bench, name, '/config'), { description: 'waits for the lock' })
      expectText('a write while a shutdown waits', /can't lock file '.+' - got timeout/, write.text)
      expectSame('overruling stop', 'OK', await outcomeOfAction(bench, 'stop', { 'overrule-shutdown': 1 }))
      expectSame('state', 'stopped', await bench.driver.machines.powerState(name, bench.signal))
    },
  },
  {
    name: 'a stop is a power cut; a second one is done already',
    needs: [],
    endpoints: ['POST /nodes/{node}/qemu/{vmid}/status/stop'],
    run: async (bench) => {
      await ensureRunning(bench)
      await bench.driver.machines.stop(name, bench.signal)
      expectSame('state', 'stopped', await bench.driver.machines.powerState(name, bench.signal))
      await bench.driver.machines.stop(name, bench.signal)
      expectSame('shutdown of a VM that is off', 'OK', await outcomeOfAction(bench, 'shutdown', { timeout: 5 }))
    },
  },
  ...['reset', 'suspend', 'resume', 'reboot'].map((action) => refusedWhenOff(action)),
  {
    name: 'a machine that is not of the lab is refused before any call',
    needs: [],
    endpoints: [],
    run: async ({ driver, signal }) => {
      await refusalKind(() => driver.machines.powerState(own.lab, signal)).then((kind) =>
        expectThat('expected a refusal', kind !== 'nothing', kind),
      )
    },
  },
]

function refusedWhenOff(action: string): Case {
  return {
    name: `${action} of a VM that is off is refused in words`,
    needs: [],
    endpoints: [`POST /nodes/{node}/qemu/{vmid}/status/${action}`],
    run: async (bench) => {
      await ensureStopped(bench)
      expectText(action, /VM \d+ (is )?not running/, await outcomeOfAction(bench, action))
    },
  }
}

async function statusAndPid(bench: Bench) {
  const { status, pid } = await currentOf(bench, name)
  return [status, pid]
}

const outcomeOfAction = async (bench: Bench, action: string, parameters = {}) =>
  await outcomeOf(
    bench.call,
    bench.signal,
    await bench.call('POST', pathOf(bench, name, `/status/${action}`), parameters),
  )
