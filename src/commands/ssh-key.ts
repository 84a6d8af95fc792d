import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { HarnessError, exitCodes } from '../model/failure.ts'

const magic = Buffer.from('openssh-key-v1\0')

/** A fresh ed25519 key as OpenSSH writes it: the private file's content, and `ssh-ed25519 AAAA...`. */
export function createSshKey(): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32)
  const publicBlob = Buffer.concat([field('ssh-ed25519'), field(point)])
  const check = randomBytes(4)
  const parts = [check, check, field('ssh-ed25519'), field(point), field(Buffer.concat([seed, point])), field('')]
  const head = [magic, field('none'), field('none'), field(''), Buffer.from([0, 0, 0, 1]), field(publicBlob)]
  const lines = Buffer.concat([...head, field(padded(Buffer.concat(parts)))])
    .toString('base64')
    .match(/.{1,70}/g)
  const armour = ['-----BEGIN OPENSSH PRIVATE KEY-----', ...(lines ?? []), '-----END OPENSSH PRIVATE KEY-----', '']
  return { privateKey: armour.join('\n'), publicKey: `ssh-ed25519 ${publicBlob.toString('base64')}` }
}

/** The public key of a private key file in OpenSSH's own format, which holds it in clear even where the key has a passphrase. */
export async function readPublicKey(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refusal(file, cause)
  })
  const body = Buffer.from(text.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64')
  if (!body.subarray(0, magic.length).equals(magic)) throw refusal(file)
  let at = magic.length
  const next = () => {
    const length = body.readUInt32BE(at)
    at += 4 + length
    return body.subarray(at - length, at)
  }
  for (let skipped = 0; skipped < 3; skipped++) next()
  at += 4
  const blob = next()
  const kind = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString()
  return `${kind} ${blob.toString('base64')}`
}

function field(content: string | Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(content))
  return Buffer.concat([length, Buffer.from(content)])
}

/** Filled up to 8 with 1, 2, 3 and so on, as PROTOCOL.key says. */
function padded(section: Buffer): Buffer {
  return Buffer.concat([section, Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (section.length % 8)) % 8))])
}

function refusal(file: string, cause?: unknown): HarnessError {
  return new HarnessError(`expected an OpenSSH private key at ${file}`, {
    exitCode: exitCodes.unavailable,
    hint: `ssh-keygen -t ed25519 -f ${file}`,
    cause,
  })
}
