import type { Call, Need } from './call.ts'

/** What the API says of the caller: path to the privileges there. */
export type Granted = Readonly<Record<string, readonly string[]>>

/** Privileges that are missing on one path, with the calls that need them. */
export interface Missing {
  path: string
  privileges: string[]
  calls: string[]
}

/** Which privileges of a list of calls the caller lacks, by ACL path: the first of each need's paths and privileges stands for all. */
export function missingPrivileges(calls: readonly Call[], granted: Granted): Missing[] {
  const missing = new Map<string, Missing>()
  for (const { method, path: called, needs } of calls) {
    for (const need of needs.filter((each) => !isGranted(each, granted))) {
      const path = need.paths[0] ?? '/'
      const entry = missing.get(path) ?? { path, privileges: [], calls: [] }
      entry.privileges = [...new Set([...entry.privileges, need.privileges[0] ?? ''])]
      entry.calls = [...new Set([...entry.calls, `${method} ${called}`])]
      missing.set(path, entry)
    }
  }
  return [...missing.values()]
}

function isGranted({ paths, privileges }: Need, granted: Granted): boolean {
  return paths.some((path) => privileges.some((privilege) => effective(path, granted).includes(privilege)))
}

/** The most specific ACL path decides, as it does on the server. */
function effective(path: string, granted: Granted): readonly string[] {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    const found = Object.hasOwn(granted, at) ? granted[at] : undefined
    if (found !== undefined || at === '/') return found ?? []
  }
}

/** A line for the shell of a node that grants what is missing: a role of its own for the path, for the token and for its user. */
export function grantLine({ path, privileges }: Missing, token: string | null): string {
  const role = `Firedrill${path.replaceAll(/[^a-zA-Z0-9]+/g, '-').replace(/-$/, '') || '-root'}`
  const list = privileges.join(' ')
  const make = `(pveum role add ${role} --privs '${list}' || pveum role modify ${role} --append 1 --privs '${list}')`
  const user = token?.split('!', 1)[0] ?? 'USER@REALM'
  return `${make} && pveum acl modify ${path} --roles ${role} --tokens '${token ?? 'USER@REALM!TOKENID'}' --users '${user}'`
}
