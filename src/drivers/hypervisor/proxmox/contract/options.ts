import { parseArgs } from 'node:util'
import { HarnessError, exitCodes } from '../../../../model/failure.ts'

/** What the command line says. */
export interface Options {
  url: string
  tokenFile: string
  node: string
  vmids: { first: number; last: number }
  fingerprint?: string
  caFile?: string
  storage?: string
  bridge?: string
}

export const usage = `usage: npm run contract -- --url U --token-file F --node N --vmids A-B [--fingerprint SHA256 | --ca-file F] [--storage S] [--bridge B]

Holds the Proxmox VE driver against a real endpoint (or the embedded one). Touches nothing but VMs firedrill-contract-* with VMIDs
A to B (4 at least), pool firedrill-contract, with --storage one disk image and one ISO image there, with --bridge SDN zone fdctr.

  --url URL            like https://pve1.example:8006
  --token-file FILE    one line USER@REALM!ID=UUID, mode 0600
  --node NAME          short name of the node
  --vmids A-B          a range that holds nothing else
  --fingerprint SHA256 of the node's certificate, like AB:CD:...; or
  --ca-file FILE       the cluster's own CA
  --storage NAME       also disks, snapshots, full clones, ISO images, as far as it can hold them
  --bridge NAME        also apply SDN changes, on a zone of that bridge

exit code: 0 everything that could be run holds, 1 something does not, 2 a case could not be decided, 64 usage, 69 endpoint unavailable`

/** Reads the command line; null when it asks for help. Throws one line about what is wrong. */
export function readOptions(argv: readonly string[]): Options | null {
  const { values } = valuesOf(argv)
  if (values.help === true) return null
  const { url, node, vmids, storage, bridge, fingerprint } = values
  const tokenFile = values['token-file']
  const caFile = values['ca-file']
  if (url === undefined || !/^https:\/\/[^/]+/.test(url)) throw wrong('expected --url https://HOST:8006', url)
  if (tokenFile === undefined) throw wrong('expected --token-file FILE', tokenFile)
  if (node === undefined) throw wrong('expected --node NAME', node)
  if (fingerprint !== undefined && caFile !== undefined) throw wrong('expected --fingerprint or --ca-file', 'both')
  if (fingerprint !== undefined && !/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/i.test(fingerprint))
    throw wrong('expected --fingerprint AB:CD:... of 32 bytes', fingerprint)
  return {
    url,
    tokenFile,
    node,
    vmids: rangeOf(vmids),
    ...(fingerprint === undefined ? {} : { fingerprint: fingerprint.toUpperCase() }),
    ...(caFile === undefined ? {} : { caFile }),
    ...(storage === undefined ? {} : { storage }),
    ...(bridge === undefined ? {} : { bridge }),
  }
}

function valuesOf(argv: readonly string[]) {
  const text = { type: 'string' } as const
  const options = {
    url: text,
    'token-file': text,
    node: text,
    vmids: text,
    fingerprint: text,
    'ca-file': text,
    storage: text,
    bridge: text,
    help: { type: 'boolean', short: 'h' },
  } as const
  try {
    return parseArgs({ args: [...argv], options })
  } catch (cause) {
    throw wrong('expected the options below', cause instanceof Error ? cause.message : undefined)
  }
}

function rangeOf(text: string | undefined): Options['vmids'] {
  const [, first, last] = /^(\d{3,9})-(\d{3,9})$/.exec(text ?? '') ?? []
  const range = { first: Number(first), last: Number(last) }
  if (range.first >= 100 && range.last - range.first >= 3 && range.last - range.first < 1000) return range
  throw wrong('expected --vmids A-B with 4 to 1000 VMIDs from 100 on', text)
}

const wrong = (expected: string, came: string | undefined) =>
  new HarnessError(`${expected}, came ${came ?? 'nothing'}`, { exitCode: exitCodes.usage, hint: usage })
