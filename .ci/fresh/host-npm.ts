import { cp, mkdir, symlink } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Variables that say how this machine reaches the network; they hold in the bare root too. */
const reach = /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|https?_proxy|no_proxy|npm_config_cafile)$/i

/**
 * Puts this machine's own Node and npm into a root, as an image would have them: the program and npm's folder under
 * `/usr/local`, npm's settings of the user and of the machine, and the certificates that these name.
 * Needs the variables that `npm run` sets, because they tell the machine's Node from the pinned one.
 */
export async function copyNodeAndNpm(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  const node = env['npm_node_execpath']
  const npm = env['npm_execpath']
  if (!node || !npm) throw new Error('Node and npm of this machine are unknown: call it as `npm run test:fresh`')
  await cp(node, join(root, 'usr/local/bin/node'))
  await cp(join(dirname(npm), '..'), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true })
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'))
  await copyIfThere(env['npm_config_userconfig'], root, 'root/.npmrc')
  await copyIfThere(env['npm_config_globalconfig'], root, 'usr/local/etc/npmrc')
  for (const file of Object.values(reachableEnvironment(env))) await copyIfThere(file, root, file)
}

/** The variables of `env` by which a program in the bare root reaches the network as this machine does. */
export function reachableEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const chosen: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) if (value && reach.test(name)) chosen[name] = value
  return chosen
}

async function copyIfThere(source: string | undefined, root: string, path: string) {
  if (!source || !existsSync(source)) return
  await mkdir(dirname(join(root, path)), { recursive: true })
  await cp(source, join(root, path), { dereference: true })
}
