import { z } from 'zod'
import type { Caller } from '../access/access.ts'
import type { Cluster } from '../cluster.ts'
import { parameterErrors } from './parameter.ts'
import type { Check } from './permission.ts'
import { parameterRefusal } from './reply.ts'
import type { RawParameters } from './request.ts'

/** Who asks what of which cluster. `user` is what tasks are named after; `file` is what was uploaded. */
type Call<Parameters> = {
  cluster: Cluster
  caller: Caller
  user: string
  parameters: Parameters
  file: Uint8Array | undefined
}

/** One endpoint. Placeholders of `path` like `{vmid}` are parameters too. */
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  /** Names of all parameters, for the comparison with the official schema. */
  parameterNames: readonly string[]
  /** Executed by the privileged daemon: the answer carries two Connection headers. */
  isProtected: boolean
  /** False where an API token is refused. */
  allowsToken: boolean
  /** Takes a file in a multipart body. */
  isUpload: boolean
  check: Check
  /** Checks the parameters and answers; the result is what `data` holds. Throws what the client shall see. */
  answer: (cluster: Cluster, caller: Caller, raw: RawParameters, file?: Uint8Array) => unknown
}

type Definition<Shape extends z.core.$ZodLooseShape> = {
  method: Route['method']
  path: string
  parameters: Shape
  isProtected?: boolean
  allowsToken?: boolean
  isUpload?: boolean
  check?: Check
  answer: (call: Call<z.output<z.ZodObject<Shape, z.core.$strict>>>) => unknown
}

/** Declares an endpoint whose handler sees parameters of the declared types only. Without a `check` any known user may call it. */
export function route<Shape extends z.core.$ZodLooseShape>(definition: Definition<Shape>): Route {
  const {
    method,
    path,
    parameters,
    isProtected = false,
    allowsToken = true,
    isUpload = false,
    check = 'all',
  } = definition
  const schema = z.strictObject(parameters)
  return {
    method,
    path,
    isProtected,
    allowsToken,
    isUpload,
    check,
    parameterNames: Object.keys(parameters),
    answer: (cluster, caller, raw, file) => {
      const parsed = schema.safeParse(raw)
      if (!parsed.success) throw parameterRefusal(parameterErrors(parsed.error))
      return definition.answer({ cluster, caller, user: caller.id, parameters: parsed.data, file })
    },
  }
}

/** The route for a method and a path, with the path's placeholders decoded; undefined where there is none. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; placeholders: Record<string, string> } | undefined {
  const parts = splitPath(path)
  for (const candidate of routes) {
    const placeholders = candidate.method === method ? matchPath(splitPath(candidate.path), parts) : undefined
    if (placeholders) return { route: candidate, placeholders }
  }
  return undefined
}

function splitPath(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}

// A last placeholder `{volume}` takes the rest of the path, since volume ids hold slashes.
function matchPath(pattern: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const isOpen = pattern.at(-1) === '{volume}' && given.length > pattern.length
  const parts = isOpen ? [...given.slice(0, pattern.length - 1), given.slice(pattern.length - 1).join('/')] : given
  if (pattern.length !== parts.length) return undefined
  const placeholders: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const part = decode(parts[index] ?? '')
    if (expected.startsWith('{')) placeholders[expected.slice(1, -1)] = part
    else if (expected !== part) return undefined
  }
  return placeholders
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
