import type { WebFirewall } from '../firewall.ts'
import type { RpcCall } from './codec.ts'

/** The services that the peer's status page lists. */
export function listServices({ control }: WebFirewall) {
  const all = [
    { name: 'pf', description: 'Packet Filter', status: control.filter.isEnabled() },
    { name: 'pfsync', description: 'State synchronisation', status: control.pfsync !== undefined },
    { name: 'openssh', description: 'Secure Shell Daemon', status: control.config.sshServer },
  ]
  return all.map((service) => ({ ...service, id: '' }))
}

/** Reconfigures one of them; throws for what cannot be controlled. */
export async function restartService(firewall: WebFirewall, { params: [name] }: RpcCall): Promise<boolean> {
  const commands: Readonly<Record<string, readonly string[]>> = { pf: ['filter', 'reload'] }
  const args = typeof name === 'string' && Object.hasOwn(commands, name) ? commands[name] : undefined
  // The others run as long as the firewall does.
  if (args === undefined) return true
  const { status, output } = await firewall.run('configctl', args)
  if (status !== 0) throw new Error(output.trim())
  return true
}
