import type { ApplianceConfig } from '../config.ts'
import { run } from '../system/run.ts'
import { type Live, renderRules } from './rules.ts'

/** Loads the rules for the first time, on a machine that has none. Throws with nft's words. */
export async function loadFirstRules(config: ApplianceConfig): Promise<void> {
  await load(`flush ruleset\n${renderRules(config, { isUp: () => false, isOff: false })}`)
}

/** Loads the rules as they are to be now; states and the NAT of a lease stay. Throws with nft's words. */
export async function reloadRules(config: ApplianceConfig, live: Live): Promise<void> {
  await load(renderRules(config, live))
}

async function load(rules: string): Promise<void> {
  const { status, output } = await run('nft', ['-f', '-'], rules)
  if (status !== 0) throw new Error(`nft refuses the rules: ${output.trim()}`)
}
