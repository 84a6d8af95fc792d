import { isIPv4, isIPv6 } from 'node:net'
import type { NicConfig, Particulars } from './particulars.ts'

/** Texts of the three files, undefined where a file is absent. */
export type ParticularsTexts = { [part in keyof Particulars]-?: string | undefined }

/** Reads the particulars. Never throws: what cannot be believed is left out and told in one line each. */
export function readParticulars(texts: ParticularsTexts): { particulars: Particulars; complaints: string[] } {
  const complaints: string[] = []
  const complain = (text: string): undefined => void complaints.push(text)
  const network = readPart('network-config', texts.network, complain)
  const meta = readPart('meta-data', texts.meta, complain)
  const user = readPart('user-data', texts.user, complain)
  const particulars: Particulars = {
    ...(network && { network: readNetwork(network, complain) }),
    ...(meta && readMeta(meta, complain)),
    ...(user && { user: readUser(user, complain) }),
  }
  return { particulars, complaints }
}

type Complain = (text: string) => undefined
type Fields = Record<string, unknown>

function readPart(name: string, text: string | undefined, complain: Complain): Fields | undefined {
  if (text === undefined) return undefined
  const value = parseJson(text)
  return isFields(value) ? value : complain(`${name}: expected a JSON object, got ${text.slice(0, 40)}`)
}

function readNetwork(fields: Fields, complain: Complain): NonNullable<Particulars['network']> {
  const nics = listOf(fields['nics']).flatMap((nic) => readNic(nic, complain) ?? [])
  return { nics, nameservers: listOf(fields['nameservers']).filter((each) => isAddress(each)) }
}

function readNic(value: unknown, complain: Complain): NicConfig | undefined {
  if (!isFields(value)) return complain(`network-config: expected a NIC, got ${JSON.stringify(value)}`)
  const { name, mac, address, dhcp, gateway, address6, gateway6 } = value
  if (!isMatch(name, /^[a-z][a-z0-9]{0,14}$/))
    return complain(`network-config: expected a NIC's name, got ${show(name)}`)
  const refuse = (what: string, got: unknown): null =>
    complain(`network-config: ${name}: expected ${what}, got ${show(got)}`) ?? null
  return {
    name,
    mac: isAbsent(mac) ? null : isMatch(mac, macPattern) ? mac.toLowerCase() : refuse('a MAC address', mac),
    address: isAbsent(address) ? null : isCidr(address) ? address : refuse('an address with its prefix', address),
    dhcp: dhcp === true,
    ...(isAddress(gateway) && { gateway }),
    ...(isCidr6(address6) && { address6 }),
    ...(isAddress6(gateway6) && { gateway6 }),
  }
}

function readMeta({ hostname, instanceId }: Fields, complain: Complain): Pick<Particulars, 'meta'> {
  if (isMatch(hostname, /^[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}$/)) return { meta: { hostname, instanceId: show(instanceId) } }
  complain(`meta-data: expected a host name, got ${show(hostname)}`)
  return {}
}

function readUser({ user, sshKeys }: Fields, complain: Complain): NonNullable<Particulars['user']> {
  if (user !== 'root') complain(`user-data: expected user root, got ${show(user)}: its keys are root's here`)
  return { user: 'root', sshKeys: listOf(sshKeys).filter((key) => isMatch(key, sshKeyPattern)) }
}

const macPattern = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i
const sshKeyPattern = /^(ssh|ecdsa|sk)-[\w@.-]+ [A-Za-z0-9+/]+=*( [^\n\r]*)?$/

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && isIPv4(value)
}

function isCidr(value: unknown): value is string {
  if (typeof value !== 'string') return false
  const [address = '', prefix = '', ...rest] = value.split('/')
  return isIPv4(address) && /^([1-9]|[12]\d|3[0-2])$/.test(prefix) && rest.length === 0
}

function isAddress6(value: unknown): value is string {
  return typeof value === 'string' && isIPv6(value) && !value.includes('%')
}

function isCidr6(value: unknown): value is string {
  if (typeof value !== 'string') return false
  const [address = '', prefix = '', ...rest] = value.split('/')
  return isAddress6(address) && /^([1-9]\d?|1[01]\d|12[0-8])$/.test(prefix) && rest.length === 0
}

function isMatch(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value)
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
