import { importHook, loaderSettings, mountHook, wanHook } from './hooks.ts'
import { type Turn, commandTurns, fileTurns, shellTurns } from './dialogue.ts'

/** What differs between the two firewalls: how they are installed over a serial console, and what is put into them. */
export interface Product {
  /** From the boot of the ISO to the power-off after the installation. */
  install: readonly Turn[]
  /** From the first boot of the disk to its power-off. */
  equip: readonly Turn[]
}

const enter = '\\r'
const down = '\\033[B'

/** The boot menu of an ISO speaks to the screen, which the firmware shows on the serial line; the kernel has to be told. */
const bootOnSerial: readonly Turn[] = [
  { waitFor: 'Autoboot|Boot Menu|Escape to loader prompt', type: '3', seconds: 120 },
  { waitFor: 'OK $', type: `set console=comconsole${enter}`, seconds: 30 },
  { waitFor: 'OK $', type: `set boot_serial=YES${enter}`, seconds: 30 },
  { waitFor: 'OK $', type: `boot${enter}`, seconds: 30 },
]

const powerOff = commandTurns(['sync; shutdown -p now'])

/** Host keys are made again at a clone's first start; a template that keeps them gives all clones the same. */
const forgetOpnsense = ['rm -rf /conf/sshd /conf/backup/*', 'rm -f /conf/firedrill-config.sha256']
const forgetPfsense = [
  'rm -f /etc/ssh/ssh_host_* /cf/conf/sshd/* /cf/conf/backup/*',
  'rm -f /cf/conf/firedrill-config.sha256',
]

/** OPNsense: the vendor's installer with UFS on the first disk; then a shell from the console menu. */
const opnsense: Product = {
  install: [
    ...bootOnSerial,
    { waitFor: 'login: $', type: `installer${enter}`, seconds: 600 },
    { waitFor: 'Password:', type: `opnsense${enter}`, seconds: 30 },
    { waitFor: 'Keymap', type: enter, seconds: 60 },
    { waitFor: 'Install \\(UFS\\)', type: `${down}${enter}`, seconds: 60 },
    { waitFor: 'select a disk', type: enter, seconds: 60 },
    { waitFor: 'swap partition', type: enter, seconds: 60 },
    { waitFor: 'Last Chance|Are you sure', type: `\\t${enter}`, seconds: 60 },
    { waitFor: 'Complete Install', type: `${down}${enter}`, seconds: 1800 },
    { waitFor: 'Reboot now|Halt now|Rebooting', type: enter, seconds: 120 },
  ],
  equip: [
    { waitFor: 'login: $', type: `root${enter}`, seconds: 600 },
    { waitFor: 'Password:', type: `opnsense${enter}`, seconds: 30 },
    { waitFor: 'Enter an option:', type: `8${enter}`, seconds: 60 },
    ...shellTurns,
    ...fileTurns('/boot/loader.conf.local', loaderSettings, '0644'),
    ...fileTurns('/usr/local/etc/rc.syshook.d/early/04-firedrill-disc', mountHook, '0755'),
    ...fileTurns('/usr/local/etc/rc.syshook.d/early/05-firedrill-config', importHook('/conf'), '0755'),
    ...fileTurns('/usr/local/etc/rc.syshook.d/carp/10-wancarp', wanHook, '0755'),
    ...commandTurns(
      ['pkill dhclient; dhclient vtnet0; pkg update -f && pkg install -y os-qemu-guest-agent || echo "no agent"'],
      600,
    ),
    ...commandTurns(forgetOpnsense),
    ...powerOff,
  ],
}

/** pfSense: the vendor's installer; its rc has no hooks before the configuration is read, so one line is put into it. */
const pfsense: Product = {
  install: [
    ...bootOnSerial,
    { waitFor: 'Console type|terminal type', type: `xterm${enter}`, seconds: 600 },
    { waitFor: 'Copyright|Accept', type: enter, seconds: 60 },
    { waitFor: 'Install pfSense|Welcome', type: enter, seconds: 60 },
    { waitFor: 'Partitioning|How would you like', type: `${down}${enter}`, seconds: 60 },
    { waitFor: 'Entire Disk|Select a disk', type: enter, seconds: 60 },
    { waitFor: 'Partition Scheme|GPT', type: enter, seconds: 60 },
    { waitFor: 'Finish|review', type: enter, seconds: 60 },
    { waitFor: 'Commit|Confirmation', type: enter, seconds: 60 },
    { waitFor: 'Reboot|Complete|Shell', type: enter, seconds: 1800 },
  ],
  equip: [
    { waitFor: 'Should VLANs be set up now', type: `n${enter}`, seconds: 600 },
    { waitFor: 'Enter the WAN interface name', type: `vtnet0${enter}`, seconds: 60 },
    { waitFor: 'Enter the LAN interface name', type: enter, seconds: 60 },
    { waitFor: 'Do you want to proceed', type: `y${enter}`, seconds: 60 },
    { waitFor: 'Enter an option:', type: `8${enter}`, seconds: 300 },
    ...shellTurns,
    ...fileTurns('/boot/loader.conf.local', loaderSettings, '0644'),
    ...fileTurns('/usr/local/sbin/firedrill-disc', mountHook, '0755'),
    ...fileTurns('/usr/local/sbin/firedrill-config', importHook('/cf/conf'), '0755'),
    ...commandTurns([
      `awk '/rc.bootup/ && !done { print "/usr/local/sbin/firedrill-disc; /usr/local/sbin/firedrill-config"; done = 1 } { print }' /etc/rc >/tmp/rc`,
      'cat /tmp/rc >/etc/rc',
      'grep -c firedrill-config /etc/rc || exit 1',
    ]),
    ...commandTurns(['pkg install -y qemu-guest-agent && sysrc qemu_guest_agent_enable=YES || echo "no agent"'], 600),
    ...commandTurns(forgetPfsense),
    ...powerOff,
  ],
}

/** Firewalls by the first word of their image's name. */
export const products: Readonly<Record<string, Product>> = { opnsense, pfsense }
