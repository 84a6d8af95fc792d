/** The client configuration that OPNsense writes. */
export const dhclientConfig = 'timeout 60;\nretry 15;\nselect-timeout 0;\ninitial-interval 1;\n'

/** Where the defect `nat-own-address` puts the node's own address: with a MAC of its own, as on any second WAN address. */
export const ownDevice = 'wanown'

/**
 * The script that dhclient calls. On a lease the outbound NAT is in place before the default route exists, so no state
 * is ever made without it. With `ownHost` (defect) NAT goes to the
 * address of that number in the leased network (last byte) instead of the shared leased one.
 */
export function renderDhclientScript(ownHost?: number): string {
  const ownAddress = `\${new_ip_address%.*}.${ownHost}`
  const own = ownHost === undefined ? '' : addOwnAddress(`${ownAddress}/$new_subnet_mask`)
  const nat = ownHost === undefined ? '$new_ip_address' : ownAddress
  return `#!/bin/sh
# made by the firewall at boot; called by dhclient
case $reason in
PREINIT)
  ip link set dev "$interface" up
  ;;
BOUND | RENEW | REBIND | REBOOT)
  nft -f - <<EOF || exit 1
flush chain ip nat outbound
add rule ip nat outbound oifname "$interface" snat to ${nat}
EOF
  ip -force -batch - <<EOF
addr replace $new_ip_address/$new_subnet_mask brd + dev $interface
${own}\${new_routers:+route replace default via \${new_routers%% *} dev $interface}
EOF
  case $reason in
  BOUND | REBOOT) arping -q -U -c 1 -I "$interface" "$new_ip_address" </dev/null >/dev/null 2>&1 & ;;
  esac
  ;;
EXPIRE | FAIL | RELEASE | STOP)
  ip addr flush dev "$interface"
  ;;
TIMEOUT)
  exit 1
  ;;
esac
exit 0
`
}

function addOwnAddress(address: string): string {
  return `link add link $interface name ${ownDevice} type macvlan mode private
addr replace ${address} dev ${ownDevice} noprefixroute
link set ${ownDevice} up
`
}
