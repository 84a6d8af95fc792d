import { expect, test } from 'vitest'
import { diskPath } from './disk.ts'
import { machineMounts } from './mounts.ts'

const everything = (): boolean => true

test('a path of the machine lies in its root, in its part of /usr, or in /usr/local', () => {
  expect(diskPath('/etc/hostname')).toBe('root/etc/hostname')
  expect(diskPath('/usr/share/x')).toBe('usr/share/x')
  expect(diskPath('/usr/local/sbin/ifconfig')).toBe('local/sbin/ifconfig')
})

test('blanks in the path of a program do not break the table of mounts', () => {
  const table = machineMounts(9101, [{ source: '/home/a b/node', target: '/opt/firedrill/bin/node' }], everything)
  expect(table).toContain('/home/a\\040b/node /run/firedrill/9101/root/opt/firedrill/bin/node none bind,ro\n')
  for (const line of table.trim().split('\n')) expect(line.split(' ')).toHaveLength(4)
})

test('every bind is read-only, and /proc/sys/net is made before the read-only copy of its parent', () => {
  const lines = machineMounts(9101, [], everything).split('\n')
  const at = (target: string): number => lines.findIndex((line) => line.split(' ')[1]?.endsWith(target))
  expect(at('/proc/sys/net')).toBeLessThan(at('/proc/sys'))
  expect(lines[at('/proc/sys')]).toMatch(/rbind,ro$/)
})

test('kernel files that this host lacks are left out', () => {
  expect(machineMounts(9101, [], () => false)).not.toContain('sysrq')
})
