#!/bin/sh
# Tries every kernel feature of the embedded lab once, for real; prints `feature: first line of the error` for each that fails.
# Runs in namespaces of its own, which take all of it away when it ends.

feature() {
  name=$1
  shift
  error=$("$@" 2>&1) || echo "$name: $(echo "$error" | head -n 1)"
}

overlay() {
  mount -t tmpfs firedrill /tmp && mkdir /tmp/upper /tmp/work /tmp/root &&
    mount -t overlay firedrill /tmp/root -o lowerdir=/,upperdir=/tmp/upper,workdir=/tmp/work
}

rules() {
  nft -f - <<'RULES'
table ip firedrill {
  chain filter { type filter hook forward priority 0; ct state established,related accept; }
  chain nat { type nat hook postrouting priority 100; masquerade; }
}
RULES
}

feature overlay overlay
feature namespaces unshare --net --mount --pid --uts --ipc --fork true
feature veth ip link add veth0 type veth peer name veth1
feature bridge ip link add bridge0 type bridge
feature macvlan ip link add link veth0 name macvlan0 type macvlan mode private
feature tun ip tuntap add dev tun0 mode tun
feature nftables rules
feature conntrack conntrack -L
