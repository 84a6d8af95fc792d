import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate with its key, PEM. */
export type Certified = { certificate: string; key: string }

/** For drills: an authority that lives for a day, and what it has signed for the two ends of a tunnel. */
export function makeAuthority(): { ca: string; server: Certified; client: Certified } {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-authority-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const sign = (name: string): Certified => {
    writeFileSync(join(folder, `${name}.ext`), `extendedKeyUsage=${name}Auth\n`)
    openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    const signer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1']
    openssl('x509', '-req', '-in', `${name}.csr`, ...signer, '-extfile', `${name}.ext`, '-out', `${name}.crt`)
    return { certificate: read(`${name}.crt`), key: read(`${name}.key`) }
  }
  try {
    openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=drill', '-days', '1')
    return { server: sign('server'), client: sign('client'), ca: read('ca.crt') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
