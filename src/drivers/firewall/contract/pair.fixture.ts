import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedLab } from '../../../commands/embedded-lab.ts'
import { chooseLab } from '../../../commands/loading.ts'
import { standUpLab } from '../../../commands/provisioned-lab.ts'
import { readTarget } from '../../../commands/target-file.ts'
import { startClock } from '../../../engine/clock.ts'
import type { Target } from '../../../model/target.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Shell } from '../../../ports/shell.ts'
import { connectSsh } from '../../shell/ssh/index.ts'

/** Two firewalls of one image and nothing else, on an embedded hypervisor of their own. */
export interface EmbeddedPair {
  image: string
  product: 'OPNsense' | 'pfSense'
  release: string
  target: Target
  shell: Shell
  clock: Clock
  /** Adds a user who may see the CARP status page only, on both nodes; resolves to a credentials file. */
  addRestrictedUser(): Promise<string>
  leave(): Promise<void>
}

const bootWithinMs = 120_000

const topology = (image: string) => `
lab: contract
networks:
  wan: { vlan: 141, subnet: 203.0.113.0/24 }
  lan: { vlan: 142, subnet: 10.142.0.0/24 }
  sync: { vlan: 143, subnet: 10.143.0.0/24 }
machines:
  fw1: { image: ${image}, nics: { wan: 203.0.113.2/24, lan: 10.142.0.2/24, sync: 10.143.0.2/24 } }
  fw2: { image: ${image}, nics: { wan: 203.0.113.3/24, lan: 10.142.0.3/24, sync: 10.143.0.3/24 } }
pair:
  primary: fw1
  secondary: fw2
  stateSync: { network: sync }
  configSync: { network: sync, from: fw1 }
  vips:
    - { network: wan, vhid: 1, address: 203.0.113.1/24, skew: { fw1: 0, fw2: 100 }, password: '\${secret:carp}' }
    - { network: lan, vhid: 2, address: 10.142.0.1/24, skew: { fw1: 0, fw2: 100 }, password: '\${secret:carp}' }
`

/** Boots a pair of an image, like opnsense-25.7. */
export async function bootPair(image: string): Promise<EmbeddedPair> {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-test-'))
  const file = join(folder, 'contract.yaml')
  await writeFile(file, topology(image))
  const { lab, labFile } = await chooseLab(file)
  const embedded = await startEmbeddedLab(labFile, [], 1)
  try {
    const wish = {
      lab,
      target: await readTarget(embedded.targetFile),
      instance: 0,
      secrets: 'random',
      kept: false,
    } as const
    const clock = startClock()
    const standing = await standUpLab(wish, clock, () => {}, AbortSignal.timeout(bootWithinMs))
    const shell = connectSsh(standing.target)
    const [name = '', release = ''] = image.split('-')
    return {
      image,
      product: name === 'opnsense' ? 'OPNsense' : 'pfSense',
      release,
      target: standing.target,
      shell,
      clock,
      addRestrictedUser: () => addRestrictedUser(shell, folder),
      leave: async () => {
        await shell.close()
        await standing.leave()
        await embedded.stop()
        await rm(folder, { recursive: true })
      },
    }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

async function addRestrictedUser(shell: Shell, folder: string): Promise<string> {
  const [key, secret] = [randomBytes(30).toString('hex'), randomBytes(30).toString('hex')]
  for (const node of ['fw1', 'fw2']) {
    const signal = AbortSignal.timeout(10_000)
    const hash = (await shell.run(node, 'openssl passwd -6 -stdin', { signal, input: `${secret}\n` })).trim()
    const keys = `<apikeys><item><key>${key}</key><secret>${hash}</secret></item></apikeys>`
    const user = `<user><name>looker</name><uid>2001</uid><priv>page-status-carp</priv>${keys}</user>`
    await shell.run(node, `sed -i 's#</system>#${user}</system>#' /conf/config.xml`, { signal })
  }
  const file = join(folder, 'restricted.credentials')
  await writeFile(file, `key=${key}\nsecret=${secret}\n`, { mode: 0o600 })
  return file
}
