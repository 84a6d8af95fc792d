#!/bin/sh
# Types one command into the project of a bare root, as process 1 of a PID namespace that has the root's mounts to itself.
# Arguments: root, command, file for what is wrong afterwards. Ends with the command's exit code.
root=$1 command=$2 findings=$3

# The root becomes a mount point and then `/` itself, as on a machine that was booted from it: unshare refuses less than that.
unshare --mount --propagation private sh -s "$root" "$command" <<'INSIDE'
mount --bind "$1" "$1" && cd "$1" || exit 70
mount -t proc proc proc && mount --rbind /sys sys && mount --rbind /dev dev || exit 70
mkdir -p old && pivot_root . old || exit 70
exec chroot . /bin/sh -c "umount -l /old && rmdir /old && cd /root/firedrill && exec </dev/null && $2"
INSIDE
code=$?

sleep 1
ss -Hltnp | grep 'users:' | sed 's/^/still listening: /' >>"$findings"
for process in /proc/[0-9]*; do
  [ "${process#/proc/}" = $$ ] || [ ! -e "$process/exe" ] ||
    echo "still running: $(tr '\0' ' ' <"$process/cmdline")" >>"$findings"
done
# npm keeps its own compile cache in /tmp.
find "$root/tmp" "$root/var/tmp" -mindepth 1 -maxdepth 1 ! -name node-compile-cache |
  sed "s|^$root|left in the root: |" >>"$findings"
exit $code
