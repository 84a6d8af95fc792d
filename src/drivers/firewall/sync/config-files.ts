import type { ConfigSync } from '../../../ports/firewall.ts'
import type { Commander } from '../command-line/commander.ts'
import { refusal } from '../refusal.ts'
import { type SyncedConfig, parseConfig } from './config-file.ts'
import { vipDifferences } from './vip-differences.ts'

/** Both products try for up to a minute to reach their peer. */
const pushLimitMs = 120_000
const readLimitMs = 10_000

/** Config sync by the product's own program, and by the configuration files themselves. */
export function fileConfigSync(commander: Commander, program: string): ConfigSync {
  const read = async (node: string, signal: AbortSignal): Promise<SyncedConfig> => {
    const { text } = await commander.run(node, 'cat /conf/config.xml', 'show its configuration', signal, readLimitMs)
    return parseConfig(node, text)
  }
  return {
    trigger: async (primary, signal) => {
      const { text, sentMs, ackedMs } = await commander.run(
        primary,
        program,
        'sync its configuration',
        signal,
        pushLimitMs,
      )
      const complaint = /^.*\b(?:error|fail(?:ed|ure)?|denied|refused)\b.*$/im.exec(text)?.[0]
      if (complaint === undefined) return { sentMs, ackedMs }
      throw refusal('refused', `${primary} could not sync its configuration: ${complaint.trim().slice(0, 200)}`)
    },
    compare: async (primary, backup, signal) => {
      const [own, other] = [await read(primary, signal), await read(backup, signal)]
      return [
        ...vipDifferences({ node: primary, vips: own.vips }, { node: backup, vips: other.vips }),
        ...sectionDifferences([primary, own], [backup, other]),
      ]
    },
  }
}

const titles = { filter: 'the firewall rules', nat: 'the address translation' } as const

function sectionDifferences([one, own]: [string, SyncedConfig], [two, other]: [string, SyncedConfig]): string[] {
  const names: readonly (keyof typeof titles)[] = ['filter', 'nat']
  return names
    .filter((name) => own.sections[name] !== other.sections[name])
    .map((name) => `${titles[name]} of ${one} and ${two} differ`)
}
