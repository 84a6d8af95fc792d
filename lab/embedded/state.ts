import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** What the target file says, without the paths of token and key, which the state folder adds. */
export type Target = {
  url: string
  fingerprint: string
  node: string
  storage: string
  bridge: string
  machines: Record<string, { ssh: Console; api?: { url: string } }>
  /** A root shell on the first node. */
  nodeSsh?: Console
  /** Those on the others. */
  nodes?: Record<string, { ssh: Console }>
}

/** Where SSH reaches a machine or a node. */
type Console = { host: string; port: number; hostKey: string }

/** Writes target file, token, root's password and SSH key (the latter three for their owner only), and makes the folder `private`, where whoever
 * uses the lab may keep what shall go with it. `remove` deletes all these, and the folders that it made unless somebody else has put something there. */
export async function writeState(
  folder: string,
  { target, token, password, privateKey }: { target: Target; token: string; password: string; privateKey: string },
): Promise<{ targetFile: string; remove: () => Promise<void> }> {
  const created = await mkdir(folder, { recursive: true, mode: 0o700 })
  const [targetFile, tokenFile, sshKeyFile] = [path('target.json'), path('token'), path('id_ed25519')]
  const passwordFile = path('password')
  const files = [targetFile, tokenFile, passwordFile, sshKeyFile]
  const remove = async (): Promise<void> => {
    for (const file of files) await rm(file, { force: true })
    await rm(path('private'), { recursive: true, force: true })
    if (created !== undefined) await removeEmpty(resolve(folder), created)
  }
  try {
    for (const file of files) await rm(file, { force: true })
    await writeFile(tokenFile, `${token}\n`, { mode: 0o600, flag: 'wx' })
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' })
    await writeFile(sshKeyFile, privateKey, { mode: 0o600, flag: 'wx' })
    await rm(path('private'), { recursive: true, force: true })
    await mkdir(path('private'), { mode: 0o700 })
    await writeFile(targetFile, `${JSON.stringify({ ...target, tokenFile, sshKeyFile }, null, 2)}\n`, {
      flag: 'wx',
    })
  } catch (error) {
    await remove()
    throw error
  }
  return { targetFile, remove }

  function path(name: string): string {
    return join(resolve(folder), name)
  }
}

async function removeEmpty(folder: string, topmost: string): Promise<void> {
  for (let each = folder; each.startsWith(topmost); each = dirname(each)) {
    const isGone = await rmdir(each).then(
      () => true,
      () => false,
    )
    if (!isGone) return
  }
}
