#!/bin/bash
# base-image.sh DIR [sdk]: a root filesystem like that of runtime-deps:10.0-noble, or of sdk:10.0-noble-aot, out of this machine's
# own files.
set -eu
root=$1
mkdir -p "$root"/{bin,etc/ssl,usr/bin,usr/local/bin,usr/lib/ssl,usr/lib64,tmp,var/tmp,proc,sys,dev,run,root,home/app}
ln -s usr/lib usr/lib64 "$root/"
chmod 1777 "$root/tmp" "$root/var/tmp"
for tool in bash sh cat chmod chown cp env id kill ln ls mkdir rm sleep; do cp -L "$(type -P $tool)" "$root/bin/"; done
libraries=$(dirname "$(ldconfig -p | sed -n 's/.* => \(.*\/libssl\.so\.3\)$/\1/p' | head -n 1)")
extra=("$libraries"/lib{ssl,crypto}.so.3 "$libraries"/lib{m.so.6,nss_files.so.2})
programs=("$root"/bin/*)
if [ "${2:-}" = sdk ]; then
  dotnet=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}
  mkdir -p "$root/usr/share/dotnet"
  for part in dotnet host shared sdk packs; do cp -a "$dotnet/$part" "$root/usr/share/dotnet/"; done
  ln -s ../share/dotnet/dotnet "$root/usr/bin/dotnet"
  # What links a native program: the driver, what it calls, and what a C program is linked with.
  for tool in gcc ld.bfd objcopy; do cp -L "$(type -P $tool)" "$root/usr/bin/"; done
  internals=$(dirname "$(gcc -print-libgcc-file-name)")
  mkdir -p "$root$internals" "$root$libraries"
  cp -L "$internals"/{collect2,liblto_plugin.so,libgcc.a,libgcc_eh.a,libgcc_s.so,crtbeginS.o,crtendS.o} "$root$internals/"
  cp -L "$libraries"/{Scrt1.o,crti.o,crtn.o,libc.so,libc_nonshared.a,libm.so,libmvec.so.1,libgcc_s.so.1,lib{dl,rt,pthread}.a} "$root$libraries/"
  programs+=("$root"/usr/bin/{gcc,ld.bfd,objcopy} "$internals"/{collect2,liblto_plugin.so} "$dotnet"/shared/Microsoft.NETCore.App/*/*.so)
  extra+=("$libraries"/libz.so.1)
fi
for file in $(ldd "${programs[@]}" "${extra[@]}" 2>/dev/null | grep -o '/[^ ]*\.so[^ :]*' | sort -u) "${extra[@]}"; do
  case $file in "${dotnet:-/no}"/*) continue ;; esac
  [ -f "$file" ] || continue
  mkdir -p "$root$(dirname "$file")"; cp -L "$file" "$root$file"
done
cp -a /etc/ssl/certs "$root/etc/ssl/"
cp -L /etc/ssl/openssl.cnf "$root/etc/ssl/"
ln -s /etc/ssl/openssl.cnf "$root/usr/lib/ssl/openssl.cnf"
ln -s /etc/ssl/certs "$root/usr/lib/ssl/certs"
printf 'root:x:0:0:root:/root:/bin/sh\napp:x:1654:1654::/home/app:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\napp:x:1654:\n' >"$root/etc/group"
printf 'hosts: files\n' >"$root/etc/nsswitch.conf"
chown 1654:1654 "$root/home/app"
