import type { WebFirewall } from '../firewall.ts'
import type { RpcCall } from './codec.ts'

/** The services that the peer's status page lists. */
export function listServices({ control }: Pick<WebFirewall, 'control'>) {
  const all = [
    { name: 'pf', description: 'Packet Filter', status: control.filter.isEnabled() },
    { name: 'pfsync', description: 'State synchronisation', status: control.pfsync !== undefined },
    { name: 'openssh', description: 'Secure Shell Daemon', status: control.config.sshServer },
  ]
  return all.map((service) => ({ ...service, id: '' }))
}

/** Sets one of them up again. The others than pf run as long as the firewall does. */
export async function restartService({ control }: WebFirewall, { params: [name] }: RpcCall): Promise<boolean> {
  if (name === 'pf') await control.filter.enable()
  return listServices({ control }).some((service) => service.name === name)
}
