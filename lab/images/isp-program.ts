/** Where `firedrill-isp` keeps its arguments for the next start of the machine. */
export const ispArguments = '/etc/firedrill/isp'

/**
 * `/usr/local/sbin/firedrill-isp --wan IFACE --uplink IFACE --lease A --router A --dns A`: makes a Linux machine the provider's
 * box of the source document. Doing it again is harmless; it holds over reboots, with systemd and without. Exit 64 for wrong
 * arguments, 1 with the daemon's words when a service does not start.
 */
export const ispProgram = `#!/bin/sh
# makes this machine the provider's box: routes, masquerades by the uplink, leases one address on the wan
set -eu

usage() {
  echo "firedrill-isp: expected --wan IFACE --uplink IFACE --lease ADDRESS --router ADDRESS --dns ADDRESS, $1" >&2
  exit 64
}

wan= uplink= lease= router= dns=
given=$*
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage "got $1 without a value"
  case $2 in '' | *[!a-zA-Z0-9._-]*) usage "got $1 '$2'" ;; esac
  case $1 in
  --wan) wan=$2 ;;
  --uplink) uplink=$2 ;;
  --lease) lease=$2 ;;
  --router) router=$2 ;;
  --dns) dns=$2 ;;
  *) usage "got $1" ;;
  esac
  shift 2
done
for value in "$wan" "$uplink" "$lease" "$router" "$dns"; do [ -n "$value" ] || usage "got \${given:-nothing}"; done
for device in "$wan" "$uplink"; do [ -e "/sys/class/net/$device" ] || usage "found no interface $device"; done

cat >/etc/dnsmasq.conf <<END
interface=$wan
bind-interfaces
dhcp-range=$lease,$lease,255.255.255.0,12h
dhcp-option=3,$router
dhcp-option=6,$dns
END
cat >/etc/nftables.conf <<END
#!/usr/sbin/nft -f
flush ruleset
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat
    oifname "$uplink" masquerade
  }
}
END
mkdir -p /etc/firedrill
printf '%s\\n' "$given" >${ispArguments}

echo 1 >/proc/sys/net/ipv4/ip_forward
if [ -d /run/systemd/system ]; then
  mkdir -p /etc/sysctl.d
  echo 'net.ipv4.ip_forward=1' >/etc/sysctl.d/60-firedrill.conf
  systemctl enable --quiet nftables dnsmasq
  systemctl restart nftables dnsmasq
  exit
fi

# The lease file is on the disk and so survives a power cut.
nft -f /etc/nftables.conf
pid=/run/dnsmasq.pid
old=$(cat $pid 2>/dev/null || :)
while [ -n "$old" ] && [ "$(cat "/proc/$old/comm" 2>/dev/null)" = dnsmasq ]; do
  kill "$old" || :
  sleep 0.02
done
exec dnsmasq --conf-file=/etc/dnsmasq.conf --pid-file=$pid --dhcp-leasefile=/var/lib/misc/dnsmasq.leases \\
  --no-resolv --user=root --log-dhcp --log-facility=/var/log/dnsmasq.log
`
