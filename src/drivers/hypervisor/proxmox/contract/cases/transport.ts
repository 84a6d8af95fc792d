import { Readable } from 'node:stream'
import type { Case } from '../case.ts'
import { expectRefusal, expectSame, expectThat } from '../expectation.ts'
import { pathOf } from '../own-vm.ts'

/** What the server refuses before it looks at the meaning of a call. */
export const transport: readonly Case[] = [
  {
    name: 'an unknown path is 501 with its name',
    needs: [],
    endpoints: [],
    run: async ({ call }) => {
      const answer = await call('GET', '/firedrill-contract', {}, { isWrong: true })
      expectRefusal('unknown path', answer, 501, /Method 'GET \/firedrill-contract' not implemented/)
    },
  },
  {
    name: 'an unknown parameter is 400 with its name',
    needs: [],
    endpoints: [],
    run: async ({ call }) => {
      expectRefusal(
        'unknown parameter',
        await call('GET', '/version', { nonsense: 1 }, { isWrong: true }),
        400,
        /nonsense: /,
      )
    },
  },
  {
    name: 'a boolean spelled true is 400 in a form',
    needs: [],
    endpoints: [],
    run: async (bench) => {
      const answer = await bench.call('GET', `/nodes/${bench.node}/qemu`, { full: 'true' }, { isWrong: true })
      expectRefusal('boolean', answer, 400, /full: type check \('boolean'\) failed/)
    },
  },
  {
    name: 'a DELETE with a body is 501',
    needs: [],
    endpoints: [],
    run: async ({ call }) => {
      const answer = await call('DELETE', '/pools/firedrill-contract-none', {}, { body: 'a=b', isWrong: true })
      expectRefusal('body on DELETE', answer, 501, /Unexpected content for method 'DELETE'/)
    },
  },
  {
    name: 'a chunked body is 501',
    needs: [],
    endpoints: [],
    run: async (bench) => {
      const answer = await bench.call(
        'POST',
        pathOf(bench, 'none', '/status/stop'),
        {},
        { body: Readable.from(['timeout=', '1']) },
      )
      expectSame('chunked body: status', 501, answer.status)
    },
  },
  {
    name: 'a wrong token is 401 after a delay',
    needs: [],
    endpoints: [],
    run: async ({ call, badToken }) => {
      const started = performance.now()
      const answer = await call('GET', '/version', {}, { token: badToken })
      expectSame('wrong token: status', 401, answer.status)
      const seconds = (performance.now() - started) / 1000
      expectThat('expected an answer after about 3 s', seconds > 2 && seconds < 10, `${seconds.toFixed(1)} s`)
    },
  },
]
