import type { PropertyFormat } from './property-string.ts'

const integer = { type: 'integer' } as const
const positive = { type: 'integer', minimum: 1 } as const
const flag = { type: 'boolean' } as const

const throttles = ['bps', 'bps_rd', 'bps_wr', 'iops', 'iops_max', 'iops_rd', 'iops_rd_max', 'iops_wr', 'iops_wr_max']
const rates = ['mbps', 'mbps_max', 'mbps_rd', 'mbps_rd_max', 'mbps_wr', 'mbps_wr_max']
const lengths = ['bps', 'bps_rd', 'bps_wr', 'iops', 'iops_rd', 'iops_wr'].map((name) => `${name}_max_length`)

/** A drive: the union of what the bus types allow. */
export const driveFormat: PropertyFormat = {
  file: { required: true, isDefault: true, pattern: /^(none|cdrom|\/.+|[a-zA-Z][\w.-]*:.+)$/ },
  volume: { alias: 'file' },
  ...Object.fromEntries(throttles.map((name) => [name, integer])),
  ...Object.fromEntries(rates.map((name) => [name, { type: 'number' as const }])),
  ...Object.fromEntries(lengths.map((name) => [name, positive])),
  aio: { choices: ['native', 'threads', 'io_uring'] },
  backup: flag,
  cache: { choices: ['none', 'writethrough', 'writeback', 'unsafe', 'directsync'] },
  cyls: integer,
  detect_zeroes: flag,
  discard: { choices: ['ignore', 'on'] },
  format: { choices: ['raw', 'qcow', 'qed', 'qcow2', 'vmdk', 'cloop'] },
  heads: integer,
  'import-from': {},
  iothread: flag,
  media: { choices: ['cdrom', 'disk'] },
  model: {},
  product: {},
  queues: { type: 'integer', minimum: 2 },
  replicate: flag,
  rerror: { choices: ['ignore', 'report', 'stop'] },
  ro: flag,
  scsiblock: flag,
  secs: integer,
  serial: {},
  shared: flag,
  size: { pattern: /^\d+(\.\d+)?[KMGT]?$/ },
  snapshot: flag,
  ssd: flag,
  trans: { choices: ['none', 'lba', 'auto'] },
  vendor: {},
  werror: { choices: ['enospc', 'ignore', 'report', 'stop'] },
  wwn: {},
}

/** The property strings that a VM has once each, by key. */
export const formats: Readonly<Record<string, PropertyFormat>> = {
  agent: {
    enabled: { ...flag, required: true, isDefault: true },
    'freeze-fs': flag,
    'freeze-fs-on-backup': { alias: 'freeze-fs' },
    'guest-fsfreeze': { alias: 'freeze-fs' },
    fstrim_cloned_disks: flag,
    type: { choices: ['virtio', 'isa'] },
  },
  audio0: {
    device: { required: true, choices: ['ich9-intel-hda', 'intel-hda', 'AC97'] },
    driver: { choices: ['spice', 'none'] },
  },
  boot: { legacy: { isDefault: true, pattern: /^[acdn]{1,4}$/ }, order: { pattern: /^[a-z]+\d+(;[a-z]+\d+)*$/ } },
  efidisk0: {
    file: { required: true, isDefault: true },
    volume: { alias: 'file' },
    efitype: { choices: ['2m', '4m'] },
    format: {},
    'import-from': {},
    'ms-cert': { choices: ['2011', '2023', '2023w', '2023k'] },
    'pre-enrolled-keys': flag,
    size: {},
  },
  ivshmem: { name: { pattern: /^[a-zA-Z0-9-]+$/ }, size: { ...positive, required: true } },
  machine: {
    type: { isDefault: true, pattern: /^(pc|q35|virt)[-.+\w]*$/ },
    'aw-bits': { type: 'number', minimum: 32, maximum: 64 },
    'enable-s3': flag,
    'enable-s4': flag,
    viommu: { choices: ['intel', 'virtio'] },
  },
  memory: { current: { type: 'integer', required: true, isDefault: true, minimum: 16 } },
  spice_enhancements: { foldersharing: flag, videostreaming: { choices: ['off', 'all', 'filter'] } },
  tpmstate0: {
    file: { required: true, isDefault: true },
    volume: { alias: 'file' },
    format: {},
    'import-from': {},
    size: {},
    version: { choices: ['v1.2', 'v2.0'] },
  },
  vga: {
    type: { isDefault: true, pattern: /^(cirrus|qxl[234]?|none|serial[0-3]|std|virtio|virtio-gl|vmware)$/ },
    clipboard: { choices: ['vnc'] },
    memory: { type: 'integer', minimum: 4, maximum: 512 },
  },
}
