import { privilegesOn, type Caller } from '../access/access.ts'
import type { Cluster } from '../cluster.ts'
import { parameterRefusal, Refusal } from './reply.ts'

/** Who may call an endpoint: anybody, anybody known, or who has the privileges on a path with placeholders. */
export type Check = 'world' | 'all' | { path: string; privileges: readonly string[]; any?: boolean }

/** Refuses with 403 and the privilege's name who lacks it. `values` fill the placeholders of the path. */
export function assertAllowed(
  cluster: Cluster,
  caller: Caller,
  check: Check,
  values: Readonly<Record<string, unknown>>,
): void {
  if (typeof check === 'string') return
  const path = check.path.replace(/\{(\w+)\}/g, (_match, name: string) => textOf(values[name]))
  assertPrivilege(cluster, caller, path, check.privileges, check.any)
}

/** Refuses with 403 who has not all of the privileges on a path, or with `any` none of them. */
export function assertPrivilege(
  cluster: Cluster,
  caller: Caller,
  path: string,
  privileges: readonly string[],
  any = false,
): void {
  const missing = privileges.filter((each) => !hasPrivilege(cluster, caller, path, each))
  const isAllowed = any ? missing.length < privileges.length : missing.length === 0
  if (isAllowed) return
  const named = any ? [...new Set(privileges)].join('|') : missing[0]
  throw new Refusal(403, `Permission check failed (${path}, ${named})`)
}

/** Whether a caller has a privilege on a path. */
export function hasPrivilege({ access, vms }: Cluster, { id }: Caller, path: string, privilege: string): boolean {
  return privilegesOn(access, id, path, (vmid) => vms.get(vmid)?.pool).has(privilege)
}

/** Refuses options that are root's alone: a token is never root@pam, even one that belongs to it. */
export function refuseRootOnly(
  caller: Caller,
  parameters: Readonly<Record<string, unknown>>,
  names: readonly string[],
): void {
  if (isRoot(caller)) return
  for (const name of names) {
    const isSet = parameters[name] !== undefined && parameters[name] !== false
    if (isSet) throw parameterRefusal({ [name]: 'Only root may use this option.' })
  }
}

/** Whether root itself asks, by ticket. */
export function isRoot({ id, isTicket }: Caller): boolean {
  return isTicket && id === 'root@pam'
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
