import { readConfig, readPending, settingsOf, writeConfig } from '../endpoints/vms.ts'
import { surelyDone } from '../tasks/synchronous.ts'
import type { Api } from '../transport/api.ts'
import { failure, isKind } from '../transport/error.ts'

interface Vm {
  node: string
  vmid: number
}

/** A lost update is tried again. */
const attempts = 3
const isPercentEncoded = /^[-%a-zA-Z0-9_.!~*'()]*$/
const isNic = /^net\d+$/

/** Settings as they are sent: SSH keys are percent-encoded text, whether they came so or plain. */
export function sendable(settings: Readonly<Record<string, string>>): Record<string, string> {
  const { sshkeys, ...others } = settings
  if (sshkeys === undefined) return others
  return { ...others, sshkeys: isPercentEncoded.test(sshkeys) ? sshkeys : encodeURIComponent(sshkeys) }
}

/** Writes settings on the digest that was read before, so that nobody's change in between is lost; NICs must take effect at once. */
export async function configure(
  api: Api,
  vm: Vm,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await write(api, vm, sendable(settings), signal)
      return await refusePendingNics(api, vm, Object.keys(settings), signal)
    } catch (thrown) {
      if (attempt === attempts || !isKind(thrown, 'digest-mismatch')) throw thrown
    }
  }
}

async function write(api: Api, vm: Vm, settings: Record<string, string>, signal: AbortSignal): Promise<void> {
  const read = async () => (await api.call(readConfig, vm, signal)).data
  const before = await read()
  // With the digest given, only our own write can have gone through in between.
  const isDone = async () =>
    before.digest !== undefined && isWritten(settings, settingsOf(before), settingsOf(await read()))
  await surelyDone(
    api,
    () => api.call(writeConfig, { ...settings, ...vm, digest: before.digest }, signal),
    isDone,
    signal,
  )
}

/** The server rewrites values in its own short form, so a value that has changed at all was written. */
function isWritten(
  wanted: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): boolean {
  if (now['digest'] === before['digest']) return false
  const { delete: removed = '', ...set } = wanted
  const isGone = removed.split(/[,; ]+/).every((key) => key === '' || now[key] === undefined)
  return (
    isGone &&
    Object.keys(set).every((key) => now[key] !== undefined && (now[key] === set[key] || now[key] !== before[key]))
  )
}

async function refusePendingNics(api: Api, vm: Vm, keys: readonly string[], signal: AbortSignal): Promise<void> {
  const nics = keys.filter((key) => isNic.test(key))
  if (nics.length === 0) return
  const { data } = await api.call(readPending, vm, signal)
  const stuck = data.filter(
    ({ key, pending, delete: removed }) => nics.includes(key) && (pending ?? removed) !== undefined,
  )
  if (stuck.length === 0) return
  const names = stuck.map(({ key }) => key).join(', ')
  await api.call(writeConfig, { ...vm, revert: names.replaceAll(' ', '') }, signal).catch(() => undefined)
  throw failure(
    `VM ${vm.vmid}: ${names} did not change while it runs: the new value stayed pending and was taken back`,
    {
      kind: 'hotplug',
      hint: 'stop the VM first',
    },
  )
}
