const sectorSize = 2048

/** The label of an ISO 9660 image and its files by path (`CONFIG.XML`, `DIR/FILE`), version numbers cut off. Throws for anything else. */
export function readIso(image: Uint8Array): { label: string; files: Map<string, Uint8Array> } {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength)
  const volume = bytes.subarray(16 * sectorSize, 17 * sectorSize)
  if (volume.length < sectorSize || volume[0] !== 1 || volume.toString('latin1', 1, 6) !== 'CD001') {
    throw new Error('expected an ISO 9660 image with a primary volume descriptor')
  }
  const files = new Map<string, Uint8Array>()
  collect(bytes, extentOf(volume.subarray(156)), '', files, 0)
  return { label: volume.toString('latin1', 40, 72).trimEnd(), files }
}

type Extent = { start: number; length: number }

const deepest = 8

function collect(image: Buffer, folder: Extent, path: string, files: Map<string, Uint8Array>, depth: number): void {
  if (depth > deepest) throw new Error(`expected at most ${deepest} levels of folders on the CD`)
  for (let at = folder.start; at < folder.start + folder.length;) {
    const size = image[at] ?? 0
    if (size === 0) {
      at = (Math.floor(at / sectorSize) + 1) * sectorSize
      continue
    }
    const record = image.subarray(at, at + size)
    at += size
    const name = record.toString('latin1', 33, 33 + (record[32] ?? 0))
    if (name === '\0' || name === '\u0001') continue
    const place = `${path}${name.replace(/\.?;\d+$/, '')}`
    if (((record[25] ?? 0) & 2) === 2) collect(image, extentOf(record), `${place}/`, files, depth + 1)
    else files.set(place, contentOf(image, extentOf(record)))
  }
}

// Numbers stand there in both byte orders, the small one first.
function extentOf(record: Buffer): Extent {
  return { start: record.readUInt32LE(2) * sectorSize, length: record.readUInt32LE(10) }
}

function contentOf(image: Buffer, { start, length }: Extent): Uint8Array {
  if (start + length > image.length) throw new Error('expected a whole ISO 9660 image, got one that is cut off')
  return image.subarray(start, start + length)
}
