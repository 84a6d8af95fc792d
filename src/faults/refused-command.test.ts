import { expect, test } from 'vitest'
import { commandSchema, refusedCommand, warnedCommand } from './refused-command.ts'

test.each([
  ['pfSsh.php playback svc stop carp', 'use pfSsh.php playback disablecarp'],
  ['/usr/local/sbin/pfSsh.php playback svc stop carp', 'use pfSsh.php playback disablecarp'],
  [`ssh admin@fw "pfSsh.php  playback 'svc' stop 'carp'"`, 'use pfSsh.php playback disablecarp'],
  ['echo x; pfSsh.php playback svc START CARP', 'use pfSsh.php playback enablecarp'],
  ['pfSsh.php playback svc restart carp', 'use pfSsh.php playback disablecarp, then pfSsh.php playback enablecarp'],
])('%s is refused, because it does nothing, with the right command', (command, hint) => {
  expect(refusedCommand(command)).toContain('does nothing although it says so: svc knows no service carp')
  expect(refusedCommand(command)).toContain(hint)
  const parsed = commandSchema.safeParse(command)
  expect(parsed.error?.issues.map(({ message }) => message)).toEqual([refusedCommand(command)])
})

test.each([
  'pfSsh.php playback disablecarp',
  'pfSsh.php playback svc stop openvpn client 1',
  'pfSsh.php playback svc stop carpet',
  'pfSsh.php playback svc restart unbound; echo carp',
  'sysctl net.inet.carp.allow=0',
])('%s is not', (command) => {
  expect(refusedCommand(command)).toBeNull()
  expect(commandSchema.parse(command)).toBe(command)
})

test.each(['ifconfig vtnet1 down', 'sleep 1; ip link set dev eth0 down'])('%s is told to be no cable pull', (run) => {
  expect(warnedCommand(run)).toMatch(/is no cable pull.*use link-down/)
})

test('a command that takes no interface down has no warning', () => {
  expect(warnedCommand('ifconfig vtnet1; service dnsmasq stop')).toBeNull()
})
