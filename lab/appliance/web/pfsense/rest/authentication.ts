import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Account, readAccounts } from '../../accounts/accounts.ts'
import { Section } from '../../../configuration/section.ts'
import { basicCredentials, type WebRequest } from '../../exchange.ts'
import type { WebFirewall } from '../../firewall.ts'

/** Who calls the REST package, and a token for who has called with a password. */
export type RestAuthentication = {
  accountOf: (request: WebRequest) => Account | undefined
  byPassword: (name: string, password: string) => Account | undefined
  issueToken: (account: Account) => string
}

const tokenSeconds = 3600

/** Basic (where nothing else is configured), keys and tokens, as the package's own `auth_methods` allow them. */
export function createRestAuthentication(
  firewall: WebFirewall,
  fits: (secret: string, hash: string) => boolean,
): RestAuthentication {
  const secret = randomBytes(32)
  const isRevoked = firewall.control.config.defects.some((defect) => defect === 'api-key-revoked')
  const settings = (): Section => packageSettings(firewall)
  const accounts = (): Account[] => readAccounts(firewall.control.store.read())
  const byPassword = (name: string, password: string): Account | undefined =>
    accounts().find((each) => each.name === name && fits(password, each.hash))
  const allows = (method: string): boolean =>
    (settings().text('auth_methods') || 'BasicAuth').split(',').includes(method)

  function accountOf(request: WebRequest): Account | undefined {
    const basic = basicCredentials(request)
    const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const key = request.headers['x-api-key']
    if (isRevoked) return undefined
    if (typeof key === 'string' && allows('KeyAuth')) return named(ownerOfKey(settings(), key))
    if (bearer !== undefined && allows('JWTAuth')) return named(readToken(bearer, secret))
    const mayUseBasic = allows('BasicAuth') || request.path.endsWith('/auth/jwt')
    return basic !== undefined && mayUseBasic ? byPassword(basic.user, basic.password) : undefined
  }

  function named(name: string | undefined): Account | undefined {
    return name === undefined ? undefined : accounts().find((each) => each.name === name)
  }

  return { accountOf, byPassword, issueToken: ({ name }) => writeToken(name, secret) }
}

function packageSettings({ control }: WebFirewall): Section {
  const packages = new Section(control.store.read(), () => undefined).at('installedpackages').all('package')
  const found = packages.find((each) => /^(pfSense-pkg-)?RESTAPI$|^REST API$/i.test(each.text('name')))
  return (found ?? new Section({ name: 'package', attributes: {}, children: [], text: '' }, () => undefined)).at('conf')
}

// Keys are kept as hashes, SHA-256 where nothing else is said.
function ownerOfKey(settings: Section, key: string): string | undefined {
  const items = settings.at('keys').all('item')
  const found = items.find((item) => {
    const algorithm = item.text('hash_algo') || 'sha256'
    if (!['sha256', 'sha384', 'sha512'].includes(algorithm)) return false
    return createHash(algorithm).update(key).digest('hex') === item.text('hash')
  })
  return found?.text('username')
}

function writeToken(name: string, secret: Buffer): string {
  const now = Math.floor(Date.now() / 1000)
  const head = encode({ alg: 'HS256', typ: 'JWT' })
  const claims = encode({ iss: 'pfSense RESTAPI', iat: now, nbf: now, exp: now + tokenSeconds, data: name })
  return `${head}.${claims}.${sign(`${head}.${claims}`, secret)}`
}

function readToken(token: string, secret: Buffer): string | undefined {
  const [head = '', claims = '', signature = ''] = token.split('.')
  const [given, wanted] = [Buffer.from(signature), Buffer.from(sign(`${head}.${claims}`, secret))]
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined
  const content: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString())
  if (typeof content !== 'object' || content === null || !('data' in content) || !('exp' in content)) return undefined
  const isValid = typeof content.exp === 'number' && content.exp > Date.now() / 1000
  return isValid && typeof content.data === 'string' ? content.data : undefined
}

function encode(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url')
}

function sign(text: string, secret: Buffer): string {
  return createHmac('sha256', secret).update(text).digest('base64url')
}
