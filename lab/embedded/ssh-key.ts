import { generateKeyPairSync, randomBytes } from 'node:crypto'

/** An ed25519 key as OpenSSH writes it: the private file's content, and `ssh-ed25519 AAAA...` without a comment. */
export type SshKey = { privateKey: string; publicKey: string }

/** Makes a fresh ed25519 key in OpenSSH's formats. */
export function createSshKey(): SshKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32)
  const publicBlob = Buffer.concat([field('ssh-ed25519'), field(point)])
  return { privateKey: armour(point, seed, publicBlob), publicKey: `ssh-ed25519 ${publicBlob.toString('base64')}` }
}

// PROTOCOL.key of OpenSSH: magic, cipher, kdf, options, number of keys, public blob, private section padded to 8 with 1, 2, 3...
function armour(point: Buffer, seed: Buffer, publicBlob: Buffer): string {
  const check = randomBytes(4)
  const secret = [check, check, field('ssh-ed25519'), field(point), field(Buffer.concat([seed, point])), field('')]
  const section = pad(Buffer.concat(secret))
  const one = Buffer.from([0, 0, 0, 1])
  const head = [Buffer.from('openssh-key-v1\0'), field('none'), field('none'), field('')]
  const text = Buffer.concat([...head, one, field(publicBlob), field(section)]).toString('base64')
  const lines = text.match(/.{1,70}/g) ?? []
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n')
}

function field(content: string | Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(content))
  return Buffer.concat([length, Buffer.from(content)])
}

function pad(section: Buffer): Buffer {
  const missing = (8 - (section.length % 8)) % 8
  return Buffer.concat([section, Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, missing))])
}
