/** `systemd-run --on-active=SECONDS --unit=NAME COMMAND...` as far as a drill uses it: a background job in a process group of its own. */
export const systemdRun = `#!/bin/sh
unit= after=0
while [ $# -gt 0 ]; do
  case $1 in
  --on-active=*) after=\${1#*=} ;;
  --on-active) after=$2; shift ;;
  --unit=*) unit=\${1#*=} ;;
  --unit | -u) unit=$2; shift ;;
  --) shift; break ;;
  -*) ;;
  *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || { echo 'Command line to execute required.' >&2; exit 1; }
: "\${unit:=run-u$$}"
unit=\${unit%.timer}; unit=\${unit%.service}
after=$(echo "$after" | sed 's/min$/m/; s/sec$/s/')
if [ -e "/run/units/$unit" ] && kill -s 0 -- "-$(cat "/run/units/$unit")" 2>/dev/null; then
  echo "Failed to start transient timer unit: Unit $unit.timer was already loaded or has a fragment file." >&2
  exit 1
fi
job='echo $$ > "/run/units/$0"; sleep "$1"; shift; "$@"; rm -f "/run/units/$0"'
setsid sh -c "$job" "$unit" "$after" "$@" </dev/null >/dev/null 2>&1 &
while [ ! -s "/run/units/$unit" ] && kill -s 0 $! 2>/dev/null; do sleep 0.01; done
echo "Running timer as unit: $unit.timer" >&2
echo "Will run service as unit: $unit.service" >&2
`

/** `systemctl stop|is-active NAME` for those jobs. */
export const systemctl = `#!/bin/sh
verb=$1; shift
[ "\${1#-}" = "$1" ] || shift
unit=\${1%.timer}; unit=\${unit%.service}
# The unit's group; of a pattern like 'undo-*' those of all that it fits.
groups=$(cd /run/units && cat $unit 2>/dev/null)
alive() { [ -n "$groups" ] && for group in $groups; do kill -s 0 -- "-$group" 2>/dev/null && return 0; done; return 1; }
case $verb in
is-active) if alive; then echo active; else echo inactive; exit 3; fi ;;
stop)
  if ! alive; then
    case $unit in *'*'*) exit 0 ;; esac
    echo "Failed to stop $1: Unit $1 not loaded." >&2
    exit 5
  fi
  for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
  (cd /run/units && rm -f $unit)
  ;;
reset-failed) ;;
*) echo "Unknown command verb $verb." >&2; exit 1 ;;
esac
`
