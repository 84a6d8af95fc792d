import { randomUUID } from 'node:crypto'

/** A zone, vnet or subnet: its settings by name, as the API takes them. */
export type SdnObject = Record<string, string | number>

/** The three kinds of objects by id. A subnet's id is `ZONE-10.0.0.0-24`. */
export type SdnConfig = Record<SdnKind, Map<string, SdnObject>>

/** The kinds of SDN objects. */
export type SdnKind = 'zones' | 'vnets' | 'subnets'

/** Software-defined networks: what was edited, what was applied, and who holds the lock. */
export type Sdn = {
  draft: SdnConfig
  applied: SdnConfig
  /** The token of whoever holds the lock. */
  lock?: string
  /** What went wrong on a node at the last apply, by node, for all zones. */
  failures: Map<string, string>
}

/** Nothing defined. */
export function createSdn(): Sdn {
  return { draft: emptyConfig(), applied: emptyConfig(), failures: new Map() }
}

/** Refuses an edit without the token of a lock that somebody holds. */
export function assertLockToken({ lock }: Sdn, token: string | undefined): void {
  if (lock !== token) throw new Error('invalid lock token provided')
}

/** Takes the lock; the result is its token. */
export function takeLock(sdn: Sdn, allowPending: boolean): string {
  assertLockToken(sdn, undefined)
  if (!allowPending && hasPending(sdn)) throw new Error('configuration has pending changes')
  sdn.lock = randomUUID()
  return sdn.lock
}

/** Whether an edit has not been applied. */
export function hasPending({ draft, applied }: Sdn): boolean {
  return (['zones', 'vnets', 'subnets'] as const).some((kind) => textOf(draft[kind]) !== textOf(applied[kind]))
}

/** Copies of all objects: later edits of one side do not show on the other. */
export function copyConfig(config: SdnConfig): SdnConfig {
  const copy = (objects: ReadonlyMap<string, SdnObject>) =>
    new Map([...objects].map(([id, object]) => [id, { ...object }]))
  return { zones: copy(config.zones), vnets: copy(config.vnets), subnets: copy(config.subnets) }
}

/** What a list shows of each object: with `pending` the edits beside the applied values, with `running` those only. */
export function shownObjects(sdn: Sdn, kind: SdnKind, view: 'plain' | 'pending' | 'running'): Map<string, Shown> {
  if (view === 'running') return new Map(sdn.applied[kind])
  if (view === 'plain') return new Map(sdn.draft[kind])
  const ids = new Set([...sdn.applied[kind].keys(), ...sdn.draft[kind].keys()])
  return new Map([...ids].map((id) => [id, compared(sdn.applied[kind].get(id), sdn.draft[kind].get(id))]))
}

/** An object with `state` and `pending` where it is not as applied. */
export type Shown = Readonly<Record<string, string | number | SdnObject>>

function compared(applied: SdnObject | undefined, draft: SdnObject | undefined): Shown {
  if (!applied) return { ...draft, state: 'new', pending: { ...draft } }
  if (!draft) return { ...applied, state: 'deleted', pending: {} }
  const changed = Object.entries(draft).filter(([key, value]) => applied[key] !== value)
  const removed = Object.keys(applied).filter((key) => draft[key] === undefined)
  if (changed.length + removed.length === 0) return applied
  return {
    ...applied,
    state: 'changed',
    pending: Object.fromEntries([...changed, ...removed.map((key): [string, string] => [key, 'deleted'])]),
  }
}

function emptyConfig(): SdnConfig {
  return { zones: new Map(), vnets: new Map(), subnets: new Map() }
}

function textOf(objects: ReadonlyMap<string, SdnObject>): string {
  const sorted = [...objects].toSorted(([a], [b]) => a.localeCompare(b))
  return JSON.stringify(
    sorted.map(([id, object]) => [id, Object.entries(object).toSorted(([a], [b]) => a.localeCompare(b))]),
  )
}
