import { z } from 'zod'
import { findVm } from '../../cluster.ts'
import { agentOf, execute, exitOf, outputOf } from '../../vm/agent.ts'
import { flag, integer, text, texts } from '../parameter.ts'
import { route } from '../route.ts'
import { onVm, vmPath } from './vm-task.ts'

const any = (privilege: string) => ({ ...onVm(privilege, 'VM.GuestAgent.Unrestricted'), any: true })
const audit = any('VM.GuestAgent.Audit')
const readLimit = 16 * 1024 * 1024
const writeLimit = 60 * 1024

/** Endpoints about the guest agent. Each call pings first. */
export const agentRoutes = [
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/agent/ping',
    parameters: vmPath,
    isProtected: true,
    check: audit,
    answer: async ({ cluster, parameters }) => {
      await agentOf(findVm(cluster, parameters))
      return { result: {} }
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/agent/info',
    parameters: vmPath,
    isProtected: true,
    check: audit,
    answer: async ({ cluster, parameters }) => {
      await agentOf(findVm(cluster, parameters))
      const names = ['guest-ping', 'guest-exec', 'guest-exec-status', 'guest-file-read', 'guest-network-get-interfaces']
      const commands = names.map((name) => ({ name, enabled: true, 'success-response': true }))
      return { result: { version: '10.0.0', supported_commands: commands } }
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/agent/exec',
    parameters: { ...vmPath, command: texts(), 'input-data': text(64 * 1024).optional() },
    isProtected: true,
    check: onVm('VM.GuestAgent.Unrestricted'),
    answer: async ({ cluster, parameters }) => {
      const running = await agentOf(findVm(cluster, parameters))
      return { pid: await execute(running, parameters.command, Buffer.from(parameters['input-data'] ?? '')) }
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/agent/exec-status',
    parameters: { ...vmPath, pid: integer() },
    isProtected: true,
    check: onVm('VM.GuestAgent.Unrestricted'),
    answer: async ({ cluster, parameters }) => {
      const exit = await exitOf(await agentOf(findVm(cluster, parameters)), parameters.pid)
      if (!exit) return { exited: 0 }
      const { out, err, ...ending } = exit
      const output = {
        ...(out.length > 0 && { 'out-data': out.toString('utf8') }),
        ...(err.length > 0 && { 'err-data': err.toString('utf8') }),
      }
      return { exited: 1, ...ending, ...output }
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces',
    parameters: vmPath,
    isProtected: true,
    check: audit,
    answer: async ({ cluster, parameters }) => {
      const running = await agentOf(findVm(cluster, parameters))
      const output = await outputOf(running, ['/usr/sbin/ip', '-j', 'address', 'show'])
      return { result: links.parse(JSON.parse(output.toString('utf8'))).map(shownLink) }
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/agent/get-osinfo',
    parameters: vmPath,
    isProtected: true,
    check: audit,
    answer: async ({ cluster, parameters }) => {
      const vm = findVm(cluster, parameters)
      const running = await agentOf(vm)
      const release = (await outputOf(running, ['uname', '-r'])).toString('utf8').trim()
      const names =
        vm.nicPrefix === 'vtnet' ? { id: 'freebsd', name: 'FreeBSD' } : { id: 'debian', name: 'Debian GNU/Linux' }
      return { result: { ...names, 'pretty-name': names.name, 'kernel-release': release, machine: 'x86_64' } }
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/agent/get-host-name',
    parameters: vmPath,
    isProtected: true,
    check: audit,
    answer: async ({ cluster, parameters }) => {
      const running = await agentOf(findVm(cluster, parameters))
      return { result: { 'host-name': (await outputOf(running, ['hostname'])).toString('utf8').trim() } }
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/agent/get-time',
    parameters: vmPath,
    isProtected: true,
    check: audit,
    answer: async ({ cluster, parameters }) => {
      const running = await agentOf(findVm(cluster, parameters))
      return { result: Number((await outputOf(running, ['date', '+%s%N'])).toString('utf8')) }
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/agent/file-read',
    parameters: {
      ...vmPath,
      count: integer(1, readLimit).optional(),
      decode: flag().optional(),
      file: text(),
      offset: integer(0).optional(),
    },
    isProtected: true,
    check: any('VM.GuestAgent.FileRead'),
    answer: async ({ cluster, parameters }) => {
      const running = await agentOf(findVm(cluster, parameters))
      const { file, offset = 0, count = readLimit, decode = true } = parameters
      const script = 'tail -c "+$2" -- "$1" | head -c "$3"; test -r "$1"'
      const command = ['sh', '-c', script, 'read', file, String(offset + 1), String(count)]
      const content = await outputOf(running, command)
      const isCut = content.length === count && parameters.count === undefined
      return { content: content.toString(decode ? 'utf8' : 'base64'), ...(isCut && { truncated: 1 }) }
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/agent/file-write',
    parameters: { ...vmPath, content: text(writeLimit), encode: flag().optional(), file: text() },
    isProtected: true,
    check: any('VM.GuestAgent.FileWrite'),
    answer: async ({ cluster, parameters }) => {
      const running = await agentOf(findVm(cluster, parameters))
      const { file, content, encode = true } = parameters
      const input = Buffer.from(content, encode ? 'utf8' : 'base64')
      await outputOf(running, ['sh', '-c', 'cat > "$1"', 'write', file], input)
      return null
    },
  }),
]

const links = z.array(
  z.object({
    ifname: z.string(),
    address: z.string().optional(),
    addr_info: z.array(
      z.object({ family: z.string(), local: z.string().optional(), prefixlen: z.number().optional() }),
    ),
  }),
)

function shownLink({ ifname, address, addr_info: addresses }: z.output<typeof links>[number]): Record<string, unknown> {
  const shown = addresses.flatMap(({ family, local, prefixlen }) =>
    local === undefined
      ? []
      : [{ 'ip-address': local, 'ip-address-type': family === 'inet' ? 'ipv4' : 'ipv6', prefix: prefixlen ?? 0 }],
  )
  return { name: ifname, ...(address !== undefined && { 'hardware-address': address }), 'ip-addresses': shown }
}
