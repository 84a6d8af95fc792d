const sectorSize = 2048
/** Where things are; the 16 sectors before are left to whatever boots from a disc. */
const sectors = { descriptor: 16, terminator: 17, pathTableLe: 18, pathTableBe: 19, root: 20 } as const
const firstFile = 21
const fileName = /^[A-Z0-9_]{1,8}(\.[A-Z0-9_]{1,3})?$/
/** A fixed date (2000-01-01), so that the same files give the same image. */
const recordedAt = [100, 1, 1, 0, 0, 0, 0]

interface Extent {
  identifier: Buffer
  sector: number
  size: number
  isFolder: boolean
}

/**
 * An ISO 9660 image (interchange level 1, one folder) with the volume label `label`. Names are upper-case 8.3, like CONFIG.XML.
 * Standard: ECMA-119.
 */
export function isoImage(label: string, files: Readonly<Record<string, string>>): Uint8Array {
  const placed = placeFiles(files)
  const end = placed.reduce((sector, { content }) => sector + sectorsFor(content.length), firstFile)
  const image = Buffer.alloc(end * sectorSize)
  descriptor(label, end).copy(image, sectors.descriptor * sectorSize)
  image.write('\xffCD001\x01', sectors.terminator * sectorSize, 'latin1')
  pathTable('le').copy(image, sectors.pathTableLe * sectorSize)
  pathTable('be').copy(image, sectors.pathTableBe * sectorSize)
  rootFolder(placed.map(({ extent }) => extent)).copy(image, sectors.root * sectorSize)
  for (const { extent, content } of placed) content.copy(image, extent.sector * sectorSize)
  return image
}

function placeFiles(files: Readonly<Record<string, string>>): { extent: Extent; content: Buffer }[] {
  let sector = firstFile
  return Object.keys(files)
    .toSorted()
    .map((name) => {
      if (!fileName.test(name)) throw new TypeError(`expected a file name like CONFIG.XML, got ${name}`)
      const content = Buffer.from(files[name] ?? '')
      const identifier = Buffer.from(`${name.includes('.') ? name : `${name}.`};1`)
      const extent = { identifier, sector, size: content.length, isFolder: false }
      sector += sectorsFor(content.length)
      return { extent, content }
    })
}

function sectorsFor(bytes: number): number {
  return Math.ceil(bytes / sectorSize)
}

function descriptor(label: string, totalSectors: number): Buffer {
  if (!/^[A-Z0-9_]{1,32}$/.test(label)) throw new TypeError(`expected a volume label like FIREDRILL, got ${label}`)
  const block = Buffer.alloc(sectorSize)
  block.write('\x01CD001\x01', 0, 'latin1')
  block.fill(' ', 8, 72)
  block.write(label, 40)
  both32(block, 80, totalSectors)
  for (const [at, value] of [
    [120, 1],
    [124, 1],
    [128, sectorSize],
  ] as const)
    both16(block, at, value)
  both32(block, 132, pathTable('le').length)
  block.writeUInt32LE(sectors.pathTableLe, 140)
  block.writeUInt32BE(sectors.pathTableBe, 148)
  folderRecord(rootExtent(0)).copy(block, 156)
  block.fill(' ', 190, 813)
  for (const at of [813, 830]) block.write('2000010100000000', at)
  for (const at of [847, 864]) block.write('0000000000000000', at)
  block[881] = 1
  return block
}

/** The one folder of the image: its name is a zero byte, its parent itself. */
function pathTable(order: 'le' | 'be'): Buffer {
  const table = Buffer.alloc(10)
  table[0] = 1
  if (order === 'le') table.writeUInt32LE(sectors.root, 2)
  else table.writeUInt32BE(sectors.root, 2)
  if (order === 'le') table.writeUInt16LE(1, 6)
  else table.writeUInt16BE(1, 6)
  return table
}

function rootFolder(files: Extent[]): Buffer {
  const records = Buffer.concat([rootExtent(0), rootExtent(1), ...files].map(folderRecord))
  if (records.length > sectorSize) throw new TypeError(`expected fewer files than ${files.length} on one disc`)
  return records
}

/** The root folder as itself (0) and as its own parent (1). */
function rootExtent(name: 0 | 1): Extent {
  return { identifier: Buffer.from([name]), sector: sectors.root, size: sectorSize, isFolder: true }
}

function folderRecord({ identifier, sector, size, isFolder }: Extent): Buffer {
  const length = 33 + identifier.length + ((identifier.length + 1) % 2)
  const record = Buffer.alloc(length)
  record[0] = length
  both32(record, 2, sector)
  both32(record, 10, size)
  Buffer.from(recordedAt).copy(record, 18)
  record[25] = isFolder ? 2 : 0
  both16(record, 28, 1)
  record[32] = identifier.length
  identifier.copy(record, 33)
  return record
}

/** Numbers stand twice in ISO 9660: little-endian, then big-endian. */
function both32(block: Buffer, at: number, value: number): void {
  block.writeUInt32LE(value, at)
  block.writeUInt32BE(value, at + 4)
}

function both16(block: Buffer, at: number, value: number): void {
  block.writeUInt16LE(value, at)
  block.writeUInt16BE(value, at + 2)
}
