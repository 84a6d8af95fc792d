import { own } from '../bench.ts'
import type { Case } from '../case.ts'
import { expectSame, expectText, expectThat, outcomeOf } from '../expectation.ts'
import { ensurePool, ensureVm } from '../own-vm.ts'
import { refusalKind } from '../refusal.ts'

/** The pool: a lab's lock, and the list of what is its own. */
export const pools: readonly Case[] = [
  {
    name: 'a pool is made once: a second time is refused',
    needs: [],
    endpoints: ['POST /pools', 'GET /pools'],
    run: async ({ driver, signal }) => {
      const { pools: host } = driver
      const comment = '{"owner":"contract @ suite","n":1}'
      if ((await host.pool(own.pool, signal)) === null) await host.createPool(own.pool, comment, signal)
      expectSame('second creation', 'pool-taken', await refusalKind(() => host.createPool(own.pool, 'again', signal)))
      const found = (await host.pools(signal)).find(({ id }) => id === own.pool)
      expectThat('expected the pool in the list', found !== undefined)
      expectSame('a pool that is not there', null, await host.pool('firedrill-contract-none', signal))
    },
  },
  {
    name: 'a pool lists its VMs and is not removed while it has any',
    needs: [],
    endpoints: ['GET /pools', 'DELETE /pools'],
    run: async (bench) => {
      const { driver, call, signal, vmids } = bench
      await ensureVm(bench, 'main')
      expectThat(
        'expected the VM in its pool',
        (await driver.pools.pool(own.pool, signal))?.vmids.includes(vmids.main) === true,
      )
      const outcome = await outcomeOf(call, signal, await call('DELETE', '/pools', { poolid: own.pool }))
      expectText('removing a pool with members', /not empty/, outcome)
    },
  },
  {
    name: 'removing a pool that is not there is done already',
    needs: [],
    endpoints: ['DELETE /pools'],
    run: async (bench) => {
      await ensurePool(bench)
      await bench.driver.pools.removePool('firedrill-contract-none', bench.signal)
    },
  },
]
