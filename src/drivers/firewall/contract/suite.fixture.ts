import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bench } from './bench.ts'
import { contractCases } from './cases.ts'
import { type EmbeddedPair, bootPair } from './pair.fixture.ts'
import { type OpenWayIn, type WayIn, benchOf } from './ways-in.fixture.ts'

/** Declares the contract as tests: every case, over every way in, on a pair of the image. A case that a way in lacks the means for is skipped with the reason. */
export function contractFor(image: string, waysIn: Readonly<Record<string, OpenWayIn>>): void {
  describe.each([image])('%s', () => {
    let pair: EmbeddedPair
    beforeAll(async () => {
      pair = await bootPair(image)
    })
    afterAll(() => pair.leave())
    describe.each(Object.entries(waysIn))('over %s', (_, open) => {
      let wayIn: WayIn
      beforeAll(async () => {
        wayIn = await open(pair)
      })
      afterAll(() => wayIn.close())
      test.for(contractCases.map((each) => [each.name, each] as const))(
        '%s',
        async ([, each], { skip, onTestFailed }) => {
          const bench = benchOf(pair, wayIn)
          const lack = each.lacks(bench)
          if (lack !== null) skip(lack)
          onTestFailed(() => tidy(pair, bench))
          await expect(each.run(bench)).resolves.toBeUndefined()
        },
      )
    })
  })
}

/** After a case that does not hold, so that the next one finds the pair as it should be. */
async function tidy({ shell, product }: EmbeddedPair, bench: Bench): Promise<void> {
  const { primary, kernel, signal } = bench
  const enable = product === 'OPNsense' ? 'configctl interface carp_set_status enable' : 'pfSsh.php playback enablecarp'
  await bench.loseFlag(primary)
  await shell.run(primary, `pfctl -e; ${enable}; true`, { signal })
  await kernel.carpOverride.clearDemotion(primary, signal)
}
