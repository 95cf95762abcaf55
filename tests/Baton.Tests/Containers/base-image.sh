#!/bin/bash
# base-image.sh DIR [sdk]: a root filesystem like that of aspnet:10.0, or of sdk:10.0, out of this machine's own files.
set -eu
root=$1
dotnet=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}
mkdir -p "$root"/{bin,etc/ssl,usr/bin,usr/local/bin,usr/share/dotnet,usr/lib/ssl,tmp,var/tmp,proc,sys,dev,run,root,home/app}
chmod 1777 "$root/tmp" "$root/var/tmp"
parts=(dotnet host shared)
[ "${2:-}" != sdk ] || parts+=(sdk packs)
for part in "${parts[@]}"; do cp -a "$dotnet/$part" "$root/usr/share/dotnet/"; done
ln -s ../share/dotnet/dotnet "$root/usr/bin/dotnet"
for tool in bash sh cat chmod chown cp env id kill ln ls mkdir rm sleep; do cp -L "$(type -P $tool)" "$root/bin/"; done
libraries=$(dirname "$(ldconfig -p | sed -n 's/.* => \(.*\/libssl\.so\.3\)$/\1/p' | head -n 1)")
extra=("$libraries"/lib{ssl,crypto}.so.3 "$libraries"/libz.so.1 "$libraries"/libnss_files.so.2)
for file in $(ldd "$root"/bin/* "$dotnet"/shared/Microsoft.NETCore.App/*/*.so "${extra[@]}" 2>/dev/null | grep -o '/[^ ]*\.so[^ :]*' | sort -u) "${extra[@]}"; do
  case $file in "$dotnet"/*) continue ;; esac
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
