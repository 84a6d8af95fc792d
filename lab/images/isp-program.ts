/** Where `firedrill-isp` keeps its arguments for the next start of the machine. */
export const ispArguments = '/etc/firedrill/isp'

/**
 * `/usr/local/sbin/firedrill-isp --wan IFACE --uplink IFACE [--lease A --router A --dns A] [--route PREFIX,VIA]...`: makes a Linux
 * machine a provider's box, with or without one address to lease; it knows the customer's prefixes behind his own addresses. Doing
 * it again is harmless; it holds over reboots, with systemd and without. Exit 64 for wrong arguments, 1 with the daemon's words
 * when a service does not start.
 */
export const ispProgram = `#!/bin/sh
# makes this machine the provider's box: routes, masquerades IPv4 by the uplink, leases one address on the wan if told so
set -eu

usage() {
  echo "firedrill-isp: expected --wan IFACE --uplink IFACE [--lease ADDRESS --router ADDRESS --dns ADDRESS] [--route PREFIX,VIA]..., $1" >&2
  exit 64
}

wan= uplink= lease= router= dns= routes=
given=$*
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage "got $1 without a value"
  case $2 in '' | *[!a-zA-Z0-9.:,/_-]*) usage "got $1 '$2'" ;; esac
  case $1 in
  --wan) wan=$2 ;;
  --uplink) uplink=$2 ;;
  --lease) lease=$2 ;;
  --router) router=$2 ;;
  --dns) dns=$2 ;;
  --route) routes="$routes $2" ;;
  *) usage "got $1" ;;
  esac
  shift 2
done
for value in "$wan" "$uplink"; do [ -n "$value" ] || usage "got \${given:-nothing}"; done
case "\${lease:+1}\${router:+1}\${dns:+1}" in '' | 111) ;; *) usage "got $given" ;; esac
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
[ ! -e /proc/sys/net/ipv6 ] || echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
for route in $routes; do ip route replace "\${route%,*}" via "\${route#*,}" dev "$wan"; done
if [ -d /run/systemd/system ]; then
  mkdir -p /etc/sysctl.d
  printf '%s\n' net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 >/etc/sysctl.d/60-firedrill.conf
  services="nftables\${lease:+ dnsmasq}"
  systemctl enable --quiet $services
  systemctl restart $services
  # Routes are not kept over a reboot: this unit says it all again.
  printf '%s\n' '[Unit]' 'After=network-online.target' '[Service]' 'Type=oneshot' \
    "ExecStart=/bin/sh -c 'xargs -a ${ispArguments} firedrill-isp'" '[Install]' 'WantedBy=multi-user.target' \
    >/etc/systemd/system/firedrill-isp.service
  [ -z "$routes" ] || systemctl enable --quiet firedrill-isp
  exit
fi

# The lease file is on the disk and so survives a power cut.
nft -f /etc/nftables.conf
[ -n "$lease" ] || exit 0
pid=/run/dnsmasq.pid
old=$(cat $pid 2>/dev/null || :)
while [ -n "$old" ] && [ "$(cat "/proc/$old/comm" 2>/dev/null)" = dnsmasq ]; do
  kill "$old" || :
  sleep 0.02
done
exec dnsmasq --conf-file=/etc/dnsmasq.conf --pid-file=$pid --dhcp-leasefile=/var/lib/misc/dnsmasq.leases \\
  --no-resolv --user=root --log-dhcp --log-facility=/var/log/dnsmasq.log
`
