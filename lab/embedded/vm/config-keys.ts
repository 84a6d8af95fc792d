import { z } from 'zod'
import { choice, flag, integer, number, text } from '../api/parameter.ts'
import { parseNic, printNic } from './nic-string.ts'
import { driveFormat, formats } from './formats.ts'
import { parseProperties, type PropertyFormat } from './property-string.ts'

type Schema = z.ZodType<string | number | boolean>

/** A key of a VM's configuration: how its value is checked, and how many of it there may be (`net[n]`: 32). */
type ConfigKey = { make: (name: string) => Schema; count?: number }

/** Every key that a configuration may have, by its name in the official schema. */
export const configKeys: Readonly<Record<string, ConfigKey>> = {
  ...plain(
    { acpi: flag(), 'allow-ksm': flag(), autostart: flag(), ciupgrade: flag(), freeze: flag(), keephugepages: flag() },
    { kvm: flag(), localtime: flag(), numa: flag(), onboot: flag(), protection: flag(), reboot: flag() },
    { tablet: flag(), tdf: flag(), template: flag() },
    { balloon: integer(0), cores: integer(1), cpulimit: number(0, 128), cpuunits: integer(1, 262144) },
    { migrate_downtime: number(0), migrate_speed: integer(0), shares: integer(0, 50000), smp: integer(1) },
    { sockets: integer(1), vcpus: integer(1) },
    { affinity: text(), 'amd-sev': text(), args: text(), cdrom: text(), cicustom: text(), cipassword: text() },
    { ciuser: text(), cpu: text(), description: text(8192), hookscript: text(), hotplug: text(), 'intel-tdx': text() },
    { nameserver: addressList(), searchdomain: text(), sshkeys: percentEncoded(), smbios1: text(512) },
    { startdate: text(), startup: text(), tags: tagList(), vmgenid: text(), vmstatestorage: text(), name: dnsName() },
    { bootdisk: text(), rng0: text(), watchdog: text() },
    {
      arch: choice('x86_64', 'aarch64'),
      bios: choice('seabios', 'ovmf'),
      citype: choice('configdrive2', 'nocloud', 'opennebula'),
      hugepages: choice('any', '2', '1024'),
      keyboard: text(),
      lock: choice(
        'backup',
        'clone',
        'create',
        'migrate',
        'rollback',
        'snapshot',
        'snapshot-delete',
        'suspending',
        'suspended',
      ),
      ostype: choice(
        'other',
        'wxp',
        'w2k',
        'w2k3',
        'w2k8',
        'wvista',
        'win7',
        'win8',
        'win10',
        'win11',
        'l24',
        'l26',
        'solaris',
      ),
      scsihw: choice('lsi', 'lsi53c810', 'virtio-scsi-pci', 'virtio-scsi-single', 'megasas', 'pvscsi'),
    },
  ),
  ...Object.fromEntries(
    Object.entries(formats).map(([name, format]) => [name, { make: () => properties(name, format) }]),
  ),
  'net[n]': { make: nic, count: 32 },
  ...family({ ide: 4, scsi: 31, sata: 6, virtio: 16 }, (name) => properties(name, driveFormat)),
  ...family({ ipconfig: 32 }, (name) => properties(name, ipFormat)),
  ...family({ hostpci: 16, numa: 8, parallel: 3, serial: 4, unused: 256, usb: 14, virtiofs: 10 }, () => text()),
}

/** The parameters of the keys, with families spelled out: `net0`, `net1`, ... All may be absent. */
export function configParameters(): Record<string, z.ZodOptional<Schema>> {
  const shape: Record<string, z.ZodOptional<Schema>> = {}
  for (const [name, { make, count }] of Object.entries(configKeys)) {
    const names = count === undefined ? [name] : Array.from({ length: count }, (_, n) => name.replace('[n]', String(n)))
    for (const each of names) shape[each] = make(each).optional()
  }
  return shape
}

function plain(...groups: Readonly<Record<string, Schema>>[]): Record<string, ConfigKey> {
  const entries = groups.flatMap((group) => Object.entries(group))
  return Object.fromEntries(entries.map(([name, schema]) => [name, { make: () => schema }]))
}

function family(counts: Readonly<Record<string, number>>, make: (name: string) => Schema): Record<string, ConfigKey> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${name}[n]`, { make, count }]))
}

function nic(name: string) {
  return text().transform((value, context) => {
    const parsed = parseNic(name, value)
    if ('nic' in parsed) return printNic(parsed.nic)
    context.addIssue({ code: 'custom', message: parsed.complaint })
    return z.NEVER
  })
}

function properties(name: string, format: PropertyFormat) {
  return text().superRefine((value, context) => {
    const parsed = parseProperties(name, value, format)
    if ('complaint' in parsed) context.addIssue({ code: 'custom', message: parsed.complaint })
  })
}

const cidr = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/
const ipFormat: PropertyFormat = {
  ip: { pattern: new RegExp(`^dhcp$|${cidr.source}`) },
  gw: { pattern: /^(\d{1,3}\.){3}\d{1,3}$/ },
  ip6: { pattern: /^(auto|dhcp|[0-9a-fA-F:.]+\/\d{1,3})$/ },
  gw6: { pattern: /^[0-9a-fA-F:.]+$/ },
}

function dnsName() {
  const pattern = /^([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/
  return text().refine((value) => pattern.test(value), {
    error: 'invalid format - value does not look like a valid DNS name\n',
  })
}

function percentEncoded() {
  return text().refine((value) => /^[-%a-zA-Z0-9_.!~*'()]*$/.test(value), {
    error: 'invalid format - invalid urlencoded string\n',
  })
}

function tagList() {
  return text()
    .refine((value) => splitList(value).every((tag) => /^[a-zA-Z0-9_][a-zA-Z0-9_\-+.]*$/.test(tag)), {
      error: 'invalid format - invalid characters in tag\n',
    })
    .transform((value) => [...new Set(splitList(value))].join(';'))
}

function addressList() {
  return text().refine((value) => splitList(value).every((each) => /^[0-9a-fA-F.:]+$/.test(each)), {
    error: 'invalid format - value does not look like a valid address\n',
  })
}

/** The members of one of Proxmox VE's lists: comma, semicolon, blank or NUL between them. */
export function splitList(value: string): string[] {
  return value.split(/[,;\s\0]+/).filter((each) => each !== '')
}
