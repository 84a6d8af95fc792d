import type { z } from 'zod'

/**
 * One call of the API: what is sent, and what its `data` must look like. `parameters` are all of it, path, query or body.
 * `task` names the types of task that it may start, by which a task whose UPID was lost is found again.
 */
export interface Endpoint<Parameters extends z.ZodObject = z.ZodObject, Data = unknown> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  parameters: Parameters
  reply: z.ZodType<Data>
  body?: 'form' | 'json' | 'multipart'
  /** False for a GET that changes something on the server, so that it must never be repeated. */
  isRepeatable?: false
  task?: readonly string[]
}

/** Types an endpoint by what it is given. */
export const endpoint = <Parameters extends z.ZodObject, Data>(
  definition: Endpoint<Parameters, Data>,
): Endpoint<Parameters, Data> => definition
