import { discImport } from '../../images/disc-import.ts'

/**
 * The early boot hook of a template on FreeBSD: the CD labelled FIREDRILL is put where the import looks. File names of a plain
 * ISO 9660 volume may be shown in either case.
 */
export const mountHook = `#!/bin/sh
# puts what is on the CD labelled FIREDRILL into /media/firedrill
disc=/dev/iso9660/FIREDRILL
cd=/media/firedrill-cd
rm -rf /media/firedrill
[ -e "$disc" ] || exit 0
mkdir -p "$cd" /media/firedrill
mount -t cd9660 -o ro "$disc" "$cd" || exit 0
for file in "$cd"/CONFIG.XML "$cd"/config.xml; do
  [ ! -f "$file" ] || install -m 600 "$file" /media/firedrill/CONFIG.XML
done
umount "$cd"
exit 0
`

/** The rest of the hook: the same script that the embedded lab's firewall boots with. `conf` is the firewall's folder. */
export const importHook = (conf: string): string => discImport({ disc: '/media/firedrill', conf })

/**
 * The WAN on the master only, for a provider that leases one address: on MASTER it is enabled, on BACKUP disabled. Acts only
 * where the lab's configuration asks for it.
 */
export const wanHook = `#!/usr/local/bin/php
<?php

// One lease, two firewalls: only the master of the VIPs has its WAN up. Turned on by <firedrill><wanhook>1 in config.xml.
require_once('config.inc');
require_once('util.inc');
require_once('interfaces.inc');

$source = $argv[1] ?? '';
$state = $argv[2] ?? '';

if (($config['firedrill']['wanhook'] ?? '') !== '1') {
    exit(0);
}
if (strpos($source, '@') === false || !in_array($state, ['MASTER', 'BACKUP'], true)) {
    log_msg("wancarp: expected MASTER or BACKUP of vhid@interface, came '{$state}' of '{$source}'", LOG_ERR);
    exit(1);
}

$isUp = isset($config['interfaces']['wan']['enable']);
$shallBeUp = $state === 'MASTER';
if ($isUp === $shallBeUp) {
    exit(0);
}
log_msg(sprintf('wancarp: %s wan, %s is %s', $shallBeUp ? 'enable' : 'disable', $source, $state), LOG_NOTICE);
if ($shallBeUp) {
    $config['interfaces']['wan']['enable'] = '1';
} else {
    unset($config['interfaces']['wan']['enable']);
}
write_config("wancarp: {$source} is {$state}", false);
interface_configure(false, 'wan');
`

/** Serial console, and checksums that virtual NICs would leave to hardware that is not there. */
export const loaderSettings = `console="comconsole"
boot_serial="YES"
comconsole_speed="115200"
hw.vtnet.csum_disable="1"
autoboot_delay="1"
`
