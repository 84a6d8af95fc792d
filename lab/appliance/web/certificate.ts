import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../system/run.ts'

/** Key and certificate in PEM. */
export type WebCertificate = { key: string; cert: string }

/** The certificate of the WebGUI: self-signed, made at the first start and kept in `folder`. Throws where it cannot be made. */
export async function webCertificate(folder: string, hostName: string): Promise<WebCertificate> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  if (!existsSync(key) || !existsSync(cert)) await create(folder, hostName)
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}

// Written beside and moved, so that a start that was cut short leaves nothing half.
async function create(folder: string, hostName: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const [key, cert] = [join(folder, 'key.new'), join(folder, 'cert.new')]
  // A machine has no /etc/ssl, and openssl does not go without any configuration.
  const settings = join(folder, 'openssl.cnf')
  writeFileSync(settings, '[req]\ndistinguished_name = subject\n[subject]\n')
  const words = [
    `req -config ${settings}`,
    '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 -days 397',
    `-set_serial 0x01${randomBytes(8).toString('hex')} -addext extendedKeyUsage=serverAuth`,
    `-addext subjectAltName=DNS:${hostName},IP:127.0.0.1 -keyout ${key} -out ${cert}`,
  ]
  const subject = `/O=firewall self-signed/CN=${hostName}`
  const { status, output } = await run('openssl', [...words.join(' ').split(' '), '-subj', subject])
  if (status !== 0) throw new Error(`openssl makes no certificate: ${output.trim().slice(-200)}`)
  renameSync(key, join(folder, 'key.pem'))
  renameSync(cert, join(folder, 'cert.pem'))
}
