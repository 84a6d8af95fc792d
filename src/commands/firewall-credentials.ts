import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { productOfImage } from '../drivers/firewall/index.ts'
import type { Lab } from '../model/lab.ts'
import type { SshAccess, Target } from '../model/target.ts'
import type { LabMaterial } from '../plan/provisioning/material.ts'
import { labelOf } from '../plan/provisioning/names.ts'

type Machines = Target['machines']

/** A lab that was just made: what it is made of, and how its machines are reached. */
interface NewLab {
  lab: Pick<Lab, 'machines'>
  instance: number
  target: Target
  machines: Readonly<Record<string, { ssh: SshAccess }>>
  material: Pick<LabMaterial, 'apiKey' | 'rootPassword'>
}

const prefix = 'firedrill-private-'

/** A folder that only its owner may enter, for what `remove` takes away again. Those of processes that were killed go, too. */
export async function privateFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  await sweepFolders()
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

async function sweepFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
    if (pid === undefined || isRunning(Number(pid))) continue
    // Another user's is none of ours.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {})
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The machines with their firewalls' APIs, whose credentials are written into the folder, one file per firewall, mode 0600. */
export async function withApis(
  { lab, instance, target, machines, material }: NewLab,
  folder: string,
): Promise<Machines> {
  const reached: Machines = {}
  for (const [machine, { ssh }] of Object.entries(machines)) {
    const product = productOfImage(lab.machines[machine]?.image ?? '')
    const known = target.machines[labelOf(machine, instance)]?.api
    const api = known ?? managementApi(ssh)
    reached[machine] = { ssh }
    if (product === null || api === null) continue
    const credentialsFile = join(folder, `${machine}.credentials`)
    await writeFile(credentialsFile, credentialsOf(product, material), { mode: 0o600 })
    reached[machine] = { ssh, api: { credentialsFile, ...api } }
  }
  return reached
}

/** A WebGUI answers where SSH does; not where SSH goes through the hypervisor's node, which carries nothing else. */
function managementApi({ host, via }: SshAccess): { url: string } | null {
  if (via !== undefined) return null
  return { url: `https://${host.includes(':') ? `[${host}]` : host}` }
}

const administrators = { OPNsense: 'root', pfSense: 'admin' } as const

function credentialsOf(product: keyof typeof administrators, { apiKey, rootPassword }: NewLab['material']): string {
  const login = `user=${administrators[product]}\npassword=${rootPassword}\n`
  return product === 'OPNsense' ? `key=${apiKey.key}\nsecret=${apiKey.secret}\n${login}` : login
}
