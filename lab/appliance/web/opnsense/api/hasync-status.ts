import { Section } from '../../../configuration/section.ts'
import type { WebFirewall } from '../../firewall.ts'
import { callPeer } from '../../xmlrpc/client.ts'
import type { RpcValue } from '../../xmlrpc/codec.ts'
import { versionsOf } from '../../xmlrpc/methods.ts'
import type { Answer, Call, Endpoint, Routes } from './endpoint.ts'
import { gridAnswer } from './grid.ts'

/** The peer as this node sees it over XMLRPC. Every start, stop and restart pushes the configuration first. */
export const hasyncStatusRoutes: Routes = {
  'core/hasync_status/version': newer({ answer: version }),
  'core/hasync_status/services': newer({ answer: services }),
  'core/hasync_status/start': newer({ parameters: 1, answer: (call) => control(call, 'start') }),
  'core/hasync_status/stop': newer({ parameters: 1, answer: (call) => control(call, 'stop') }),
  'core/hasync_status/restart': newer({ parameters: 1, answer: (call) => control(call, 'restart') }),
  'core/hasync_status/restart_all': newer({ answer: restartAll }),
}

function newer(endpoint: Endpoint): Endpoint {
  return { ...endpoint, feature: 'hasyncStatus' }
}

const unreachable = 'The backup firewall is not accessible (check user credentials).'
const unconfigured = 'The backup firewall is not configured.'

async function version({ firewall }: Call): Promise<Answer> {
  const peer = peerOf(firewall)
  if (peer === undefined) return { status: 'error', message: unconfigured }
  try {
    const remote = structOf(await callPeer(peer, 'opnsense.firmware_version'))
    const own = versionsOf(firewall)
    const parts = Object.entries(own).map(([part, { version: mine }]) => {
      const theirs = structOf(remote[part])['version']
      return [part, { version: typeof theirs === 'string' ? theirs : '', _my_version: mine }] as const
    })
    return { response: Object.fromEntries(parts) }
  } catch {
    return { status: 'error', message: unreachable }
  }
}

async function services({ firewall, fields }: Call): Promise<Answer> {
  return gridAnswer(await listServices(firewall), fields)
}

async function listServices(firewall: WebFirewall) {
  const peer = peerOf(firewall)
  const answer = peer === undefined ? [] : await callPeer(peer, 'opnsense.list_services').catch(() => [])
  const list: readonly RpcValue[] = Array.isArray(answer) ? answer : []
  return list.map((each) => {
    const { status, ...fields } = structOf(each)
    const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '')
    const name = text('name')
    return { uid: name, name, id: text('id'), description: text('description'), status: status === true }
  })
}

async function control({ firewall, isPost, params: [service = ''] }: Call, verb: string): Promise<Answer> {
  const peer = peerOf(firewall)
  if (!isPost || peer === undefined) return { status: 'failed' }
  const pushed = await firewall.control.sync.push()
  if (!pushed.ok) return { status: 'failed', message: pushed.message }
  await callPeer(peer, `opnsense.${verb}_service`, [service])
  return { status: 'ok' }
}

async function restartAll({ firewall, isPost }: Call): Promise<Answer> {
  const peer = peerOf(firewall)
  if (!isPost || peer === undefined) return { status: 'failed' }
  const pushed = await firewall.control.sync.push()
  if (!pushed.ok) return { status: 'failed', message: pushed.message }
  const all = await listServices(firewall)
  for (const { name } of all) await callPeer(peer, 'opnsense.restart_service', [name])
  return { status: 'ok', count: all.length }
}

function peerOf({ control: { store } }: WebFirewall) {
  const hasync = new Section(store.read(), () => undefined).at('hasync')
  const host = hasync.text('synchronizetoip')
  if (host === '') return undefined
  return { host, user: hasync.text('username') || 'root', password: hasync.text('password') }
}

function structOf(value: RpcValue | undefined): { readonly [name: string]: RpcValue } {
  return typeof value === 'object' && !isList(value) ? value : {}
}

function isList(value: RpcValue): value is readonly RpcValue[] {
  return Array.isArray(value)
}
