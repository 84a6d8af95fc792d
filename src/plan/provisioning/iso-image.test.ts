import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isoImage } from './iso-image.ts'

const files = { 'CONFIG.XML': `<opnsense>${'x'.repeat(5000)}</opnsense>`, 'EMPTY.TXT': '', 'A.B': 'short', README: 'r' }
const image = Buffer.from(isoImage('FIREDRILL', files))
const folder = mkdtempSync(join(tmpdir(), 'firedrill-iso-'))
const path = join(folder, 'disc.iso')

beforeAll(() => writeFileSync(path, image))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a reader that knows only the standard finds the label and every file with its content', () => {
  expect(readDisc(image)).toEqual({
    label: 'FIREDRILL',
    files: { 'A.B;1': 'short', 'CONFIG.XML;1': files['CONFIG.XML'], 'EMPTY.TXT;1': '', 'README.;1': 'r' },
  })
})

test('the same files give the same image', () => {
  expect(Buffer.compare(image, Buffer.from(isoImage('FIREDRILL', files)))).toBe(0)
})

test('a name that level 1 does not know is refused', () => {
  expect(() => isoImage('FIREDRILL', { 'config.xml': '' })).toThrow('config.xml')
  expect(() => isoImage('fire drill', {})).toThrow('fire drill')
})

test.skipIf(spawnSync('file', ['--version']).status !== 0)('file(1) sees an ISO 9660 volume with the label', () => {
  const said = execFileSync('file', ['--brief', path]).toString()
  expect(said).toContain('ISO 9660')
  expect(said).toContain("'FIREDRILL'")
})

const lister = (['bsdtar', '7z', 'isoinfo', 'xorriso'] as const).find(
  (name) => spawnSync(name, ['--help']).error === undefined,
)

test.skipIf(lister === undefined)('an archive program reads the files', () => {
  const list = {
    bsdtar: ['tf', path],
    '7z': ['l', path],
    isoinfo: ['-f', '-i', path],
    xorriso: ['-indev', path, '-find'],
  }
  const name = lister ?? 'bsdtar'
  expect(execFileSync(name, list[name]).toString().toUpperCase()).toContain('CONFIG.XML')
})

test('the kernel mounts it where it may', (context) => {
  const script = `mount -o loop,ro "${path}" /mnt && cat /mnt/config.xml`
  const mounted = spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' })
  if (/mount: |unshare: /.test(mounted.stderr)) context.skip(mounted.stderr.trim())
  expect(mounted.stdout).toBe(files['CONFIG.XML'])
})

/** Reads a disc by the offsets of ECMA-119, big-endian halves where the writer's tests might agree with itself. */
function readDisc(disc: Buffer) {
  const at = 16 * 2048
  expect(disc.toString('latin1', at, at + 7)).toBe('\x01CD001\x01')
  expect(disc.readUInt32BE(at + 84) * 2048).toBe(disc.length)
  const found: Record<string, string> = {}
  const root = disc.readUInt32BE(at + 156 + 6) * 2048
  for (let record = root; (disc[record] ?? 0) > 0; record += disc[record] ?? 0) {
    const name = disc.toString('latin1', record + 33, record + 33 + (disc[record + 32] ?? 0))
    const start = disc.readUInt32BE(record + 6) * 2048
    const isFolder = ((disc[record + 25] ?? 0) & 2) !== 0
    if (!isFolder) found[name] = disc.toString('utf8', start, start + disc.readUInt32BE(record + 14))
  }
  return { label: disc.toString('latin1', at + 40, at + 72).trimEnd(), files: found }
}
