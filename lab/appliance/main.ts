import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readDefects } from './config.ts'
import { bornBroken } from './configuration/born-broken.ts'
import { readConfigXml } from './configuration/config-xml.ts'
import { configuredMark } from './configured-mark.ts'
import { startFirewall } from './firewall.ts'
import { readRelease } from './system/release.ts'

// Whoever may log in is known before anybody can, whatever becomes of the rest.
const product = readRelease(readText('/conf/release'))
const { config, complaints } = readConfigXml(readText('/conf/config.xml') ?? '', {
  flavour: product.flavour,
  devices: readdirSync('/sys/class/net'),
})
const birth = readDefects(readText('/conf/defects.json') ?? '[]')
if (config.authorizedKeys.length > 0) writeKeys(config.authorizedKeys)
writeFileSync(configuredMark, '')

const firewall = await startFirewall({ ...bornBroken(config, birth.defects), ...product, defects: birth.defects }, [
  ...complaints,
  ...birth.complaints,
])
process.once('SIGTERM', () => {
  firewall.shutDown()
  process.exit(0)
})

function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function writeKeys(keys: readonly string[]): void {
  mkdirSync('/etc/firedrill', { recursive: true })
  writeFileSync('/etc/firedrill/authorized_keys', `${keys.join('\n')}\n`, { mode: 0o600 })
}
