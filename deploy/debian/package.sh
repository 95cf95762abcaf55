#!/usr/bin/env bash
# Called by deploy/build.sh: makes the .deb of a staged release. package.sh STAGE VERSION OUTPUT, with SOURCE_DATE_EPOCH set.
set -euo pipefail
export LC_ALL=C
umask 022

stage=$1
# In Debian's order 1.0.0~rc.1 comes before 1.0.0; 1.0.0-rc.1 would come after it.
version=${2/-/\~}
output=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$stage")/deb
rm -rf "$root"
install -d "$root/DEBIAN" "$root/usr/lib" "$root/usr/bin" "$root/lib/systemd/system" "$root/etc/baton" "$root/etc/logrotate.d" \
  "$root/usr/share/doc/baton" "$root/usr/share/bash-completion/completions"

cp -R "$stage/baton" "$root/usr/lib/baton"
ln -s ../lib/baton/baton "$root/usr/bin/baton"
cp "$stage/deploy/completion/baton" "$root/usr/share/bash-completion/completions/"
for unit in "$stage"/deploy/systemd/*; do
  sed 's|/usr/local/bin/baton|/usr/bin/baton|g' "$unit" > "$root/lib/systemd/system/$(basename "$unit")"
done
cp "$stage/config/baton.json" "$stage/config/baton.schema.json" "$root/etc/baton/"
install -m 644 "$stage/deploy/logrotate/baton" "$root/etc/logrotate.d/baton"
printf '%s\n' /etc/baton/baton.json /etc/baton/baton.schema.json /etc/logrotate.d/baton > "$root/DEBIAN/conffiles"

doc=$root/usr/share/doc/baton
cp -R "$stage/config/examples" "$doc/examples"
cp "$stage/config/README.md" "$doc/configuration.md"
cp "$stage/CHANGELOG.md" "$doc/"
# The terms of the licence, as a paragraph of the machine-readable format.
sed -n '/^Permission/,$ { s/^[[:space:]]*$/./; s/^/ /; p }' "$stage/LICENSE" > "$root/terms"
sed -e "/@LICENSE@/r $root/terms" -e '/@LICENSE@/d' "$here/copyright" > "$doc/copyright"
rm "$root/terms"
{
  printf 'baton (%s) stable; urgency=medium\n\n  * See CHANGELOG.md beside this file.\n\n' "$version"
  printf ' -- The Baton authors <baton@localhost>  %s\n' "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -n -9 > "$doc/changelog.gz"

size=$(find "$root" -type f -printf '%s\n' | awk '{ sum += $1 } END { print int(sum / 1024) + 1 }')
sed -e "s/@VERSION@/$version/; s/@SIZE@/$size/" "$here/control" > "$root/DEBIAN/control"
install -m 755 "$here/postinst" "$here/prerm" "$here/postrm" "$root/DEBIAN/"
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
# dpkg-deb takes over times before SOURCE_DATE_EPOCH as they are.
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

package=$output/baton_${version}_amd64.deb
dpkg-deb --root-owner-group -Zgzip -z6 --build "$root" "$package.new" > /dev/null
mv "$package.new" "$package"
rm -rf "$root"
echo "$package"
