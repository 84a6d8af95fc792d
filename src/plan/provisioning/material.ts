/** What a lab is made of besides its file: keys and secrets. Nothing of it enters a recording, a report or an error. */
export interface LabMaterial {
  /** Public key that logs in to every machine as root. */
  harnessKey: string
  /** The key pair of the lab's client, which logs in to its target. */
  insideKey: { privateKey: string; publicKey: string }
  /** Secrets that the lab file names, by name. */
  secrets: Readonly<Record<string, string>>
  /** For root at the firewalls: WebGUI and configuration sync. */
  rootPassword: string
  /** For the firewalls' API; the key is base64 text as OPNsense makes it. */
  apiKey: { key: string; secret: string }
  /** Certificates of the lab's VPN, PEM; only where it has one. */
  vpn?: VpnMaterial
}

/** What both ends of a tunnel know each other by: one authority, a certificate and key for each. */
export interface VpnMaterial {
  ca: string
  client: { certificate: string; key: string }
  server: { certificate: string; key: string }
}

const reference = /\$\{secret:([a-zA-Z][a-zA-Z0-9-]*)\}/g

/** The names of all secrets that a text (or any part of a file) refers to as `${secret:name}`. */
export function secretNames(value: unknown): string[] {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return [...new Set([...text.matchAll(reference)].map(([, name]) => name ?? ''))]
}

/** A text with its secrets filled in. The caller has checked that there is a value for each. */
export const reveal = (text: string, secrets: LabMaterial['secrets']): string =>
  text.replaceAll(reference, (whole, name: string) => (Object.hasOwn(secrets, name) ? (secrets[name] ?? whole) : whole))

/** Stands in for keys and secrets where a plan is only shown. */
export const shownMaterial = (names: readonly string[]): LabMaterial => ({
  harnessKey: 'ssh-ed25519 (the key of the harness)',
  insideKey: { privateKey: '(private key of the client)', publicKey: 'ssh-ed25519 (the key of the client)' },
  secrets: Object.fromEntries(names.map((name) => [name, `(secret ${name})`])),
  rootPassword: '(password of root)',
  apiKey: { key: '(API key)', secret: '(API secret)' },
})
