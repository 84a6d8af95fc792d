import { expect, test } from 'vitest'
import { readIso } from './iso9660.ts'

// The smallest image: label, a root folder in sector 18, one file in sector 19.
function image(content: string, name = 'CONFIG.XML;1'): Buffer {
  const bytes = Buffer.alloc(20 * 2048)
  const volume = bytes.subarray(16 * 2048)
  volume[0] = 1
  volume.write('CD001', 1)
  volume.write('FIREDRILL'.padEnd(32), 40)
  record('\0', 18, 2048, 2).copy(volume, 156)
  const folder = [record('\0', 18, 2048, 2), record('\u0001', 18, 2048, 2), record(name, 19, content.length, 0)]
  Buffer.concat(folder).copy(bytes, 18 * 2048)
  bytes.write(content, 19 * 2048)
  return bytes
}

function record(name: string, sector: number, length: number, flags: number): Buffer {
  const size = 33 + name.length + ((33 + name.length) % 2)
  const bytes = Buffer.alloc(size)
  bytes[0] = size
  bytes.writeUInt32LE(sector, 2)
  bytes.writeUInt32LE(length, 10)
  bytes[25] = flags
  bytes[32] = name.length
  bytes.write(name, 33, 'latin1')
  return bytes
}

test('label and files are read, version numbers cut off', () => {
  const { label, files } = readIso(image('<opnsense/>'))
  expect(label).toBe('FIREDRILL')
  expect(Buffer.from(files.get('CONFIG.XML') ?? []).toString()).toBe('<opnsense/>')
})

test('what is no CD, or only half of one, is refused', () => {
  expect(() => readIso(Buffer.from('hello'))).toThrow('expected an ISO 9660 image')
  expect(() => readIso(image('<opnsense/>').subarray(0, 19 * 2048))).toThrow('cut off')
})
