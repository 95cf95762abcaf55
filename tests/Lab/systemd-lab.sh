#!/bin/bash
# systemd-lab.sh DIR: boots this machine's own systemd as PID 1 of private namespaces, on an overlay of /, so that nothing that
# it changes outlives it. The network is shared: clients beside it reach what listens in it on 127.0.0.1.
# DIR/init holds the pid of that PID 1. It ends with: kill -RTMIN+4 $(cat DIR/init)
set -eu
dir=$(realpath -m "$1")
mkdir -p "$dir/t"

cgroups=/sys/fs/cgroup/unified # hybrid, or else version 2 alone
[ -d $cgroups ] || cgroups=/sys/fs/cgroup
cgroup=$cgroups/lab.$$
mkdir "$cgroup"
trap 'find "$cgroup" -depth -type d -exec rmdir {} +' EXIT

unshare --mount --propagation private bash -s "$dir" "$cgroup" <<'OUTER'
set -eu
dir=$1 t=$1/t root=$1/t/root
mount -t tmpfs -o mode=755 t "$t"
mkdir "$t/up" "$t/work" "$root"
mount -t overlay -o lowerdir=/,upperdir="$t/up",workdir="$t/work" overlay "$root"

# No units but what the machine's packages bring, and of those only what every boot needs.
units=$root/etc/systemd/system
rm -rf "$units"
mkdir -p "$units"
: >"$root/etc/fstab"
: >"$root/etc/machine-id"
printf '[Unit]\nRequires=multi-user.target\nAfter=multi-user.target\nAllowIsolate=yes\n' >"$units/lab.target"
ln -s lab.target "$units/default.target"
for unit in systemd-journald-audit.socket getty.target networking.service systemd-networkd.service; do
  ln -s /dev/null "$units/$unit"
done

echo 0 >"$2/cgroup.procs"
exec unshare --pid --ipc --uts --cgroup --fork bash -s "$dir" <<'INNER'
set -eu
root=$1/t/root
read -r pid _ </proc/self/stat # the old /proc: as the machine sees it
echo "$pid" >"$1/init"
mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 run "$root/run"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mount -t tmpfs -o mode=755 dev "$root/dev"
mkdir "$root/dev/shm" "$root/dev/pts"
for node in null zero full random urandom tty; do
  : >"$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs shm "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
for stream in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${stream%:*}" "$root/dev/${stream#*:}"; done
cd "$root"
mkdir -p run/old
pivot_root . run/old
umount -l run/old
exec env -i container=lab PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --log-target=journal --show-status=no </dev/null
INNER
OUTER
