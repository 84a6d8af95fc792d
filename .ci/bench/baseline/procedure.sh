#!/bin/bash
# What the shell script of seeds/002 (failover_test.sh) does, phase by phase, written anew: its way of asking who is master, of counting
# lost pings, and its loop around nc. Line continuations and "$*", which its page has lost, are put back; nothing else is repaired.
# Phases 3 and 5 wait for the marks `begun` and `healed` in MARKS, so that everybody measures the same moment; the fault is somebody else's
# unless OWN is set: then the script's own commands are given. KEY: the private key for the firewalls.
vip=$1 primary=$2 secondary=$3 outside=$4 log=$5

main() {
  log '=== Failover Test Starting ==='
  log 'Phase 1: Baseline verification'
  if ! ping -c 3 -W 2 "$vip" >/dev/null 2>&1; then
    log 'FAIL: CARP VIP unreachable at baseline'
    exit 1
  fi
  local before
  before=$(first_status "$primary")
  if [[ $before != master ]]; then log "WARN: Primary is not MASTER at baseline: $before"; fi

  log 'Phase 2: Starting connectivity monitor'
  local pings tcp
  pings=$(mktemp)
  ping -i 0.2 "$vip" >"$pings" 2>&1 &
  local pinging=$!
  tcp=$(mktemp)
  check_tcp >"$tcp" 2>&1 &
  local checking=$!

  log 'Phase 3: Triggering failover (setting primary to BACKUP)'
  playback stop begun
  sleep 5

  log 'Phase 4: Verifying secondary promotion'
  local after
  after=$(first_status "$secondary")
  if [[ $after == master* ]]; then log 'PASS: Secondary promoted to MASTER'; else log "FAIL: Secondary did not promote: $after"; fi
  if ping -c 3 -W 2 "$outside" >/dev/null 2>&1; then
    log 'PASS: External connectivity maintained'
  else
    log 'FAIL: External connectivity lost after failover'
  fi

  log 'Phase 5: Restoring primary'
  playback start healed
  sleep 10

  kill "$pinging" "$checking" 2>/dev/null
  local lost total
  lost=$(grep -c 'Request timeout' "$pings" 2>/dev/null || echo 0)
  total=$(wc -l <"$pings")
  log '=== Results ==='
  log "Total pings: $total, Lost: $lost"
  log "Failover packet loss: approximately $lost packets"
  rm -f "$pings" "$tcp"
  log '=== Failover Test Complete ==='
}

log() {
  echo "$(date -u '+%Y-%m-%dT%H:%M:%SZ') $*" >>"$log"
}

first_status() {
  on "$1" "ifconfig | grep -A2 'carp:' | grep 'status:' | head -1" 2>/dev/null
}

check_tcp() {
  while true; do
    echo "$(date -u '+%H:%M:%S.%N') CHECK" | nc -w 1 "$outside" 443 2>&1
    sleep 0.5
  done
}

playback() {
  until [[ -e $MARKS/$2 ]]; do sleep 0.05; done
  if [[ -n $OWN ]]; then on "$primary" "pfSsh.php playback svc $1 carp" >/dev/null 2>&1; fi
}

on() {
  ssh -n -i "$KEY" -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@"$1" "$2"
}

main
