import type { Hardware, Media } from '../node/hardware.ts'
import { readIso } from '../storage/iso9660.ts'
import { readVolume, volumeOf } from '../storage/volumes.ts'
import { splitList } from './config-keys.ts'
import { nicsOf } from './nic-string.ts'
import { nameOf, type Vm } from './vm.ts'

/** What a VM is given at its start: the files of its CD, its cloud-init data, the agent's port. */
export async function startMedia(hardware: Hardware, vm: Vm): Promise<Media> {
  const cdrom = new Map<string, Uint8Array>()
  for (const volid of insertedImages(vm)) {
    const { files } = readIso(await readVolume(hardware, volid))
    for (const [name, content] of files) cdrom.set(name, content)
  }
  return { cdrom, cloudInit: cloudInit(vm), agent: hasAgent(vm) }
}

/** Whether `agent` says that the guest agent is to be used. */
export function hasAgent({ config }: Vm): boolean {
  return /^(enabled=)?1\b/.test(config['agent'] ?? '')
}

function insertedImages({ config }: Vm): string[] {
  const drives = Object.entries(config).filter(
    ([key, text]) => /^(ide|sata|scsi)\d+$/.test(key) && /\bmedia=cdrom\b/.test(text),
  )
  return drives.map(([, text]) => volumeOf(text)).filter((volid) => /:iso\//.test(volid))
}

/** The cloud-init data by file name, in the form that the machines of the lab read; nothing without a cloud-init drive. */
export function cloudInit(vm: Vm): Map<string, string> {
  const { config } = vm
  if (!Object.values(config).some((text) => /cloudinit/.test(text) && /media=cdrom/.test(text))) return new Map()
  const nics = [...nicsOf(config)].map(([index, { mac }]) => {
    const settings = new Map((config[`ipconfig${index}`] ?? '').split(',').map((part) => cut(part)))
    const address = settings.get('ip')
    const isDhcp = address === 'dhcp'
    const gateway = settings.get('gw')
    const [address6, gateway6] = [settings.get('ip6'), settings.get('gw6')]
    return {
      name: `${vm.nicPrefix}${index}`,
      mac: mac.toLowerCase(),
      address: isDhcp ? null : (address ?? null),
      dhcp: isDhcp,
      ...(gateway !== undefined && { gateway }),
      ...(address6 !== undefined && { address6 }),
      ...(gateway6 !== undefined && { gateway6 }),
    }
  })
  const sshKeys = decodeURIComponent(config['sshkeys'] ?? '')
    .split('\n')
    .filter((key) => key.trim() !== '')
  const parts = {
    'network-config.json': { nics, nameservers: splitList(config['nameserver'] ?? '') },
    'meta-data.json': { hostname: nameOf(vm), instanceId: String(vm.vmid) },
    'user-data.json': { user: config['ciuser'] ?? 'root', sshKeys },
  }
  return new Map(Object.entries(parts).map(([name, part]) => [name, `${JSON.stringify(part, null, 2)}\n`]))
}

function cut(part: string): [string, string] {
  const [key = '', value = ''] = part.split('=', 2)
  return [key, value]
}
