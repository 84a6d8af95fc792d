import { z } from 'zod'
import type { Cluster } from '../cluster.ts'
import { parameterErrors } from './parameter.ts'
import { parameterRefusal } from './reply.ts'
import type { RawParameters } from './request.ts'

/** Who asks what of which cluster. */
type Call<Parameters> = { cluster: Cluster; user: string; parameters: Parameters }

/** One endpoint. Placeholders of `path` like `{vmid}` are parameters too. */
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  /** Names of all parameters, for the comparison with the official schema. */
  parameterNames: readonly string[]
  /** Executed by the privileged daemon: the answer carries two Connection headers. */
  isProtected: boolean
  /** Checks the parameters and answers; the result is what `data` holds. Throws what the client shall see. */
  answer: (cluster: Cluster, user: string, raw: RawParameters) => unknown
}

type Definition<Shape extends z.core.$ZodLooseShape> = {
  method: Route['method']
  path: string
  parameters: Shape
  isProtected?: boolean
  answer: (call: Call<z.output<z.ZodObject<Shape, z.core.$strict>>>) => unknown
}

/** Declares an endpoint whose handler sees parameters of the declared types only. */
export function route<Shape extends z.core.$ZodLooseShape>(definition: Definition<Shape>): Route {
  const { method, path, parameters, isProtected = false } = definition
  const schema = z.strictObject(parameters)
  return {
    method,
    path,
    isProtected,
    parameterNames: Object.keys(parameters),
    answer: (cluster, user, raw) => {
      const parsed = schema.safeParse(raw)
      if (!parsed.success) throw parameterRefusal(parameterErrors(parsed.error))
      return definition.answer({ cluster, user, parameters: parsed.data })
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

function matchPath(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
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
