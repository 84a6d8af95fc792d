import { run } from '../../lab/setup/child.mjs'

const format = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)'

/** Where this machine gets Debian from: asked from apt at run time, so that no mirror is written down. */
export async function debianMirror(): Promise<string> {
  const asked = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'])
  const mirror = parseMirror(asked.output)
  if (mirror === null)
    throw new Error('apt names no Debian archive on this machine, so there is nothing to build a root from')
  return mirror
}

/** The first archive of a Debian release itself (not its security or updates) with the component main. */
export function parseMirror(output: string): string | null {
  const targets = output.split('\n').map((line) => line.split('|'))
  const found = targets.find(([, release, component]) => /^[a-z]+$/.test(release ?? '') && component === 'main')
  return found?.[0] ?? null
}

/** How apt reaches its archives here (proxies, clock checks), in the form of a file for `/etc/apt/apt.conf.d`. */
export async function aptSettings(): Promise<string> {
  const keys = ['http', 'https', 'Retries', 'Check-Date', 'Check-Valid-Until'].map((key) => `Acquire::${key}`)
  const asked = await run('apt-config', ['dump', '--no-empty', ...keys])
  return asked.output
}
