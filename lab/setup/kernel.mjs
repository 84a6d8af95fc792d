// @ts-check
import { fileURLToPath } from 'node:url'
import { run } from './child.mjs'
import { SetupError } from './setup-error.mjs'

const probe = fileURLToPath(new URL('kernel-probe.sh', import.meta.url))
const own = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child']

/** Modules that a distribution kernel may not have loaded yet, by the feature that needs them. */
/** @type {Readonly<Record<string, string[]>>} */
const modules = {
  overlay: ['overlay'],
  veth: ['veth'],
  bridge: ['bridge'],
  macvlan: ['macvlan'],
  tun: ['tun'],
  nftables: ['nf_tables', 'nft_ct', 'nft_chain_nat', 'nft_masq'],
  conntrack: ['nf_conntrack_netlink'],
}

/**
 * A feature of the kernel that the embedded lab cannot do without, and why it did not work.
 * @typedef {{ feature: string, reason: string }} Absent
 */

/** Tries all features; where some fail, loads their modules and tries once more. Throws with the ones that are absent. */
export async function requireKernel() {
  let absent = await absentFeatures()
  if (absent.length === 0) return
  await loadModules(absent)
  absent = await absentFeatures()
  if (absent.length > 0) throw kernelError(absent)
}

/** @returns {Promise<Absent[]>} */
async function absentFeatures() {
  const ended = await run('unshare', [...own, 'sh', probe])
  const absent = parseProbe(ended.output)
  return ended.code === 0 || absent.length > 0
    ? absent
    : [{ feature: 'namespaces', reason: `unshare ended with code ${ended.code}` }]
}

/**
 * Lines `feature: reason` as objects; a line of another form came from unshare itself.
 * @param {string} output
 * @returns {Absent[]}
 */
export function parseProbe(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => {
    const [, feature, reason] = line.match(/^([a-z]+): ?(.*)$/) ?? []
    if (feature === undefined || feature === 'unshare') return { feature: 'namespaces', reason: reason ?? line }
    return { feature, reason: reason ?? '' }
  })
}

/** @param {readonly Absent[]} absent */
async function loadModules(absent) {
  const wanted = absent.flatMap(({ feature }) => modules[feature] ?? [])
  for (const name of wanted) await run('modprobe', ['--quiet', name])
}

/**
 * One line that names every absent feature with its reason.
 * @param {readonly Absent[]} absent
 */
export function kernelError(absent) {
  const list = absent.map(({ feature, reason }) => (reason === '' ? feature : `${feature} (${reason})`)).join(', ')
  const wanted = absent.flatMap(({ feature }) => modules[feature] ?? [])
  const load = wanted.length > 0 ? `modprobe ${wanted.join(' ')}, or ` : ''
  return new SetupError(
    `the embedded lab needs of this kernel what does not work here: ${list}`,
    `${load}use a machine or virtual machine of your own instead of a container`,
  )
}
