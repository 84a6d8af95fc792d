#!/bin/sh
# Types one command into the project of a bare root, as process 1 of a PID namespace that has the root's mounts to itself.
# Arguments: root, command, file for what is wrong afterwards. Ends with the command's exit code.
root=$1 command=$2 findings=$3

mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"

chroot "$root" /bin/sh -c "cd /root/firedrill && $command" </dev/null
code=$?

sleep 1
ss -Hltnp | grep 'users:' | sed 's/^/still listening: /' >>"$findings"
for process in /proc/[0-9]*; do
  [ "${process#/proc/}" = $$ ] || [ ! -e "$process/exe" ] ||
    echo "still running: $(tr '\0' ' ' <"$process/cmdline")" >>"$findings"
done
find "$root/tmp" "$root/var/tmp" -mindepth 1 -maxdepth 1 | sed "s|^$root|left in the root: |" >>"$findings"
exit $code
