import { call, nodeName, readOptions, waitForTask } from './api.ts'

const methods: Readonly<Record<string, string>> = { get: 'GET', create: 'POST', set: 'PUT', delete: 'DELETE' }

/** `pvesh get|create|set|delete PATH [--name value]...`; prints JSON whatever `--output-format` says. Waits for tasks. */
export async function runPvesh(words: readonly string[]): Promise<string> {
  const { plain, options } = readOptions(words)
  const [verb = '', path = ''] = plain
  const method = methods[verb]
  if (method === undefined || !path.startsWith('/'))
    throw new Error('usage: pvesh get|create|set|delete PATH [OPTIONS]')
  const { 'output-format': format = 'text', noborder, noheader, quiet, ...parameters } = options
  void [noborder, noheader, quiet]
  const data = await call(method, path.replace('/nodes/localhost', `/nodes/${nodeName()}`), parameters)
  if (typeof data === 'string' && data.startsWith('UPID:') && method !== 'GET') await waitForTask(data)
  if (data === null || data === undefined) return ''
  if (typeof data === 'string' && format === 'text') return `${data}\n`
  return `${format === 'json' ? JSON.stringify(data) : JSON.stringify(data, null, 3)}\n`
}
