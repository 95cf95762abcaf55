#!/bin/bash
# pod.sh DIR: makes namespaces in which podman and buildah work and touch nothing outside of DIR: own mounts, network, processes
# and cgroups, and an image store in DIR. Writes the pid of their first process to DIR/init, for nsenter(1), and lives until
# its standard input ends; everything in it ends with it, DIR included.
set -eu
dir=$1
if [ -z "${POD_CGROUP:-}" ]; then
  root=/sys/fs/cgroup/unified; [ -d $root ] || root=/sys/fs/cgroup
  export POD_CGROUP=$root/baton-pod.$$
  mkdir "$POD_CGROUP"
  trap 'find "$POD_CGROUP" -depth -type d -exec rmdir {} +; rm -rf "$dir"' EXIT
  # Containers serve in the network that is here now; podman itself does not see it, so that it cannot change it.
  bash -c 'echo 0 >"$POD_CGROUP/cgroup.procs"; exec unshare --mount --propagation private "$@"' - bash -c '
    mount -t tmpfs -o mode=755 run /run
    touch /run/outer-network; mount --bind /proc/self/ns/net /run/outer-network
    exec unshare --net --cgroup --pid --fork --kill-child "$@"' - "$0" "$dir"
  exit
fi

read -r pid _ </proc/self/stat # As the outer /proc numbers it.
mount -t proc proc /proc
umount -R /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs shm /dev/shm
ip link set lo up
cat >/run/containers.conf <<END
[containers]
default_ulimits=["nofile=20000:20000","nproc=4096:4096"]
default_sysctls=[]
cgroups="disabled"
[engine]
cgroup_manager="cgroupfs"
events_logger="file"
runtime="crun"
END
printf '[storage]\ndriver="overlay"\ngraphroot="%s/store"\nrunroot="/run/cs"\n' "$dir" >/run/storage.conf
echo "$pid" >"$dir/init.new"; mv "$dir/init.new" "$dir/init"
exec cat >/dev/null
