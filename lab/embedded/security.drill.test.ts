import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLabProcess, type LabProcess } from './fixture/lab-process.ts'

let lab: LabProcess

beforeAll(async () => {
  lab = await startLabProcess(join(import.meta.dirname, 'fixture/router.yaml'))
  await lab.power('client', 'start')
})

afterAll(() => lab.end())

const inMachine = async (command: string): Promise<string> => (await lab.run('client', command)).output

test.each([
  'sys_time',
  'sys_module',
  'sys_rawio',
  'mknod',
  'syslog',
  'sys_boot',
  'sys_admin',
  'sys_ptrace',
  'dac_read_search',
  'bpf',
])('a machine cannot get the capability %s, not even for a child', async (name) => {
  const bounding = await inMachine('setpriv --dump | grep bounding')
  expect(bounding).toContain('net_admin')
  expect(bounding).not.toMatch(new RegExp(`\\b${name}\\b`))
})

test('the clock of the host cannot be set from a machine', async () => {
  expect(await inMachine('date -s "$(date +%F)"')).toContain('Operation not permitted')
})

test('a machine has a minimal /dev without the host disks, and can add nothing to it', async () => {
  const devices = (await inMachine('ls /dev')).trim().split('\n')
  expect(devices.toSorted()).toEqual([
    'fd',
    'full',
    'log',
    'net',
    'null',
    'ptmx',
    'pts',
    'random',
    'shm',
    'stderr',
    'stdin',
    'stdout',
    'tty',
    'urandom',
    'zero',
  ])
  expect(await inMachine('mknod /tmp/disk b 254 0')).toContain('Operation not permitted')
  expect(await inMachine('touch /dev/new')).toContain('Read-only file system')
  expect((await lab.run('client', 'echo x > /dev/null && head -c 4 /dev/urandom | wc -c')).output).toBe('4\n')
})

test.each(['/run', '/run/lock', '/tmp', '/root', '/home', '/var/tmp', '/srv', '/mnt', '/media'])(
  'a machine sees nothing of the host in %s',
  async (folder) => {
    const known = '^(lock|mount|sshd|serial.sock|firedrill|dnsmasq|tmp.*)?$'
    expect(await inMachine(`ls -A ${folder} | grep -vE '${known}'; true`)).toBe('')
  },
)

test('/run, /var/lock, /tmp, /root and /home are fresh tmpfs mounts of the machine', async () => {
  const types = await inMachine('for f in /run /var/lock /tmp /root /home; do stat -f -L -c %T $f; done')
  expect(types.trim().split('\n')).toEqual(Array.from({ length: 5 }, () => 'tmpfs'))
})

test('of the host a machine sees programs only: no passwords, keys, users or project folders', async () => {
  expect(await inMachine('ls /')).toBe(
    `${'bin dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var'.split(' ').join('\n')}\n`,
  )
  expect(await inMachine('ls /etc/shadow /etc/gshadow /etc/sudoers /etc/ssl/private 2>&1 | grep -c "No such"')).toBe(
    '4\n',
  )
  expect(await inMachine('ls -A /usr/local/bin /usr/local/lib; ls /opt /opt/firedrill | tr "\\n" " "')).toMatch(
    /\/opt:\s+firedrill.*\/opt\/firedrill:\s+agent appliance bin images/s,
  )
})

test('what the project lends to a machine is read-only', async () => {
  for (const path of ['/opt/firedrill/images/x', '/opt/firedrill/appliance/x', '/etc/alternatives/x']) {
    expect(await inMachine(`touch ${path}`)).toContain('Read-only file system')
  }
  expect(await inMachine('echo x >> /opt/firedrill/bin/node')).toMatch(/Read-only file system|Text file busy/)
})

test('changes in /usr stay on the disk of the machine', async () => {
  expect(
    (await lab.run('client', 'echo x > /usr/share/firedrill-mark && test -e /usr/share/firedrill-mark')).status,
  ).toBe(0)
  expect((await lab.run('client', 'grep -q "overlay /usr" /proc/mounts')).status).toBe(0)
})

test('/proc/sys is read-only except net, and cannot be mounted otherwise', async () => {
  expect(await inMachine('echo 1 > /proc/sys/vm/drop_caches')).toMatch(/Read-only file system|Directory nonexistent/)
  expect(await inMachine('echo x > /proc/sys/kernel/hostname')).toContain('Read-only file system')
  expect(
    (await lab.run('client', 'echo 1 > /proc/sys/net/ipv4/ip_forward && cat /proc/sys/net/ipv4/ip_forward')).output,
  ).toBe('1\n')
  expect(await inMachine('mount -o remount,rw,bind /proc/sys')).toContain('permission denied')
  expect(await inMachine('umount /proc/sys')).toMatch(/must be superuser|not permitted/)
})

test('kernel controls are out of reach: sysrq, kernel log, /sys', async () => {
  expect(await inMachine('test -e /proc/sysrq-trigger || echo absent; echo h > /proc/sysrq-trigger')).toMatch(
    /Read-only file system|absent/,
  )
  expect(await inMachine('cat /proc/kmsg /proc/kcore 2>/dev/null | head -c 10')).toBe('')
  expect(await inMachine('touch /sys/x')).toMatch(/Read-only file system|Permission denied/)
  expect(await inMachine('ls /sys/kernel /sys/module /sys/firmware 2>/dev/null | grep -v :')).toMatch(/^\s*$/)
  expect(await inMachine('mount -t sysfs sysfs /mnt; mount -t proc proc /mnt; mount -t debugfs none /mnt')).not.toBe('')
  expect(await inMachine('ls -A /mnt')).toBe('')
})

test('a machine sees its own processes and network devices only', async () => {
  expect(await inMachine('cat /proc/1/cmdline | tr "\\0" " "')).toBe('sh /etc/firedrill/boot ')
  expect(await inMachine('ls /sys/class/net')).toBe('eth0\nlo\n')
  expect(Number(await inMachine('ls -d /proc/[0-9]* | wc -l'))).toBeLessThan(20)
})

test('an SSH key or host key of one lab is not known to another', async () => {
  const other = await startLabProcess(join(import.meta.dirname, 'fixture/router.yaml'))
  try {
    await other.power('client', 'start')
    const stranger = { ...other.target, sshKeyFile: lab.target.sshKeyFile }
    const { createShell } = await import('./fixture/shell.ts')
    expect((await createShell(stranger)('client', 'id')).output).toContain('Permission denied (publickey)')
  } finally {
    await other.end()
  }
})
