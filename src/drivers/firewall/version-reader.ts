import { HarnessError, exitCodes } from '../../model/failure.ts'
import type { VersionReader } from '../../ports/firewall.ts'
import type { Shell } from '../../ports/shell.ts'

const elsewhere = 'sed -n s/^PRETTY_NAME=//p /etc/os-release /usr/lib/os-release 2>/dev/null; uname -sr'
const command = `/bin/sh -c 'opnsense-version 2>/dev/null || { ${elsewhere}; }'`

/** Product and release of a machine: `opnsense-version` on a firewall, the name in os-release on any other, or at least its kernel. */
export function shellVersionReader(shell: Shell): VersionReader {
  return { version: async (machine, signal) => parseVersion(machine, await shell.run(machine, command, { signal })) }
}

function parseVersion(machine: string, output: string): string {
  const version =
    output
      .split('\n', 1)[0]
      ?.trim()
      .replace(/^(["'])(.*)\1$/, '$2') ?? ''
  if (version !== '') return version
  throw new HarnessError(`expected ${machine} to tell its product and release, came nothing`, {
    exitCode: exitCodes.unavailable,
  })
}
