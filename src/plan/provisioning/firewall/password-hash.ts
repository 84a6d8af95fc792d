import { createHash } from 'node:crypto'
import { sha512Crypt } from '../sha512-crypt.ts'

/** A secret as both products keep it. The salt comes from the secret itself, which is random: the same lab gives the same file, so it is copied only once. */
export const hashed = (secret: string): string =>
  sha512Crypt(secret, createHash('sha256').update(`salt/${secret}`).digest('hex').slice(0, 16))
