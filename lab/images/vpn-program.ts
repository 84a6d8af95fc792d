/** Where `firedrill-vpn` keeps its arguments for the next start of the machine. */
export const vpnArguments = '/etc/firedrill/vpn/arguments'

/**
 * `/usr/local/sbin/firedrill-vpn --uplink IFACE --network ADDRESS --mask MASK --port PORT`: makes a Linux machine an OpenVPN server
 * whose own address in the tunnel is the first of the network, and which masquerades what comes out of the tunnel. Expects ca.crt,
 * server.crt and server.key in /etc/firedrill/vpn. Doing it again restarts it. Exit 64 for wrong arguments.
 */
export const vpnProgram = `#!/bin/sh
# makes this machine the far end of the firewalls' tunnel
set -eu

usage() {
  echo "firedrill-vpn: expected --uplink IFACE --network ADDRESS --mask MASK --port PORT, $1" >&2
  exit 64
}

uplink= network= mask= port=
given=$*
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage "got $1 without a value"
  case $2 in '' | *[!a-zA-Z0-9._-]*) usage "got $1 '$2'" ;; esac
  case $1 in
  --uplink) uplink=$2 ;;
  --network) network=$2 ;;
  --mask) mask=$2 ;;
  --port) port=$2 ;;
  *) usage "got $1" ;;
  esac
  shift 2
done
for value in "$uplink" "$network" "$mask" "$port"; do [ -n "$value" ] || usage "got \${given:-nothing}"; done
[ -e "/sys/class/net/$uplink" ] || usage "found no interface $uplink"

folder=/etc/firedrill/vpn
mkdir -p $folder
printf '%s\\n' "$given" >${vpnArguments}
cat >$folder/server.conf <<END
port $port
proto udp4
dev tun0
topology subnet
server $network $mask
ca $folder/ca.crt
cert $folder/server.crt
key $folder/server.key
dh none
data-ciphers AES-256-GCM
keepalive 1 5
verb 3
log-append /var/log/openvpn.log
END
cat >/etc/nftables.conf <<END
#!/usr/sbin/nft -f
flush ruleset
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat
    iifname "tun0" oifname "$uplink" masquerade
  }
}
END

echo 1 >/proc/sys/net/ipv4/ip_forward
if [ -d /run/systemd/system ]; then
  mkdir -p /etc/sysctl.d /etc/openvpn/server
  echo 'net.ipv4.ip_forward=1' >/etc/sysctl.d/60-firedrill.conf
  cp $folder/server.conf /etc/openvpn/server/firedrill.conf
  systemctl enable --quiet nftables openvpn-server@firedrill
  systemctl restart nftables openvpn-server@firedrill
  exit
fi

nft -f /etc/nftables.conf
pid=/run/openvpn.pid
old=$(cat $pid 2>/dev/null || :)
while [ -n "$old" ] && [ "$(cat "/proc/$old/comm" 2>/dev/null)" = openvpn ]; do
  kill "$old" || :
  sleep 0.02
done
exec openvpn --config $folder/server.conf --writepid $pid --daemon
`
