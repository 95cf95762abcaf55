#!/usr/bin/env bash
# Builds the release archive, and on demand a .deb, from this tree: the same commit gives the same bytes in every directory.
set -euo pipefail
export LC_ALL=C
umask 022

usage() {
  cat <<'EOF'
Usage: deploy/build.sh [--version X] [--output DIR] [--deb] [--offline]
       deploy/build.sh --restore [--output DIR]

Builds DIR/baton-VERSION-linux-x64.tar.gz, which needs no .NET where it is installed, and a .sha256 file beside it.

  --version X   in place of the version in Directory.Build.props
  --output DIR  where to; default: artifacts/ at the root of the repository. DIR/build keeps what the next run can use again
  --deb         builds DIR/baton_VERSION_amd64.deb, too; needs dpkg-deb
  --restore     fetches the packages that a build needs, and builds nothing
  --offline     builds with the packages that --restore, or an earlier run, has fetched; asks no registry

Times in the archive are that of the commit, or SOURCE_DATE_EPOCH (seconds since 1970), without which git is needed.
EOF
}

fail() {
  printf 'deploy/build.sh: %s\n' "$@" >&2
  exit 1
}

wrong_usage() {
  printf 'deploy/build.sh: %s\n' "$@" 'deploy/build.sh --help lists the options.' >&2
  exit 2
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
version='' output=$root/artifacts deb=no offline=no build=yes
while [ $# -gt 0 ]; do
  case $1 in
    --version | --output)
      if [ $# -lt 2 ] || [ -z "$2" ]; then wrong_usage "$1 needs a value."; fi
      case $1 in --version) version=$2 ;; *) output=$2 ;; esac
      shift
      ;;
    --deb) deb=yes ;;
    --restore) build=no ;;
    --offline) offline=yes ;;
    -h | --help) usage && exit 0 ;;
    *) wrong_usage "$1 is not an option." ;;
  esac
  shift
done
[ "$build$offline" != noyes ] || wrong_usage '--restore fetches, so it does not go with --offline.'
command -v dotnet > /dev/null || fail 'dotnet was not found. Install the .NET 10 SDK.'
command -v clang > /dev/null || command -v gcc > /dev/null || fail 'Neither clang nor gcc was found to link with. Install the packages gcc and libc6-dev.'
[ "$deb" = no ] || command -v dpkg-deb > /dev/null || fail '--deb needs dpkg-deb, which was not found. Install the package dpkg.'

mkdir -p "$output"
output=$(cd "$output" && pwd -P)
[ -n "$version" ] || version=$(dotnet msbuild "$root/src/Baton/Baton.csproj" -getProperty:Version)
# It becomes a name of a directory and of a Debian package.
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || wrong_usage "The version is '$version', but it must look like 1.2.3 or 1.2.3-rc.1."

profile=(-p:PublishProfile=Archive -p:Version="$version" --artifacts-path "$output/build" --disable-build-servers --nologo --verbosity quiet)
if [ "$offline" = yes ]; then
  # An empty directory as the only source: what was fetched before is found in NuGet's own folder.
  mkdir -p "$output/build/no-packages"
  dotnet restore "$root/src/Baton" "${profile[@]}" --source "$output/build/no-packages" -p:NuGetAudit=false \
    || fail "A package that the build needs was not fetched before. Run deploy/build.sh --restore once, with the network."
else
  dotnet restore "$root/src/Baton" "${profile[@]}" || fail 'The packages could not be restored; dotnet restore says why above.'
fi
[ "$build" = yes ] || exit 0

if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct) \
    || fail "$root is no git checkout, so the time of the commit is not known. Set SOURCE_DATE_EPOCH to it, in seconds since 1970."
fi
export SOURCE_DATE_EPOCH

name=baton-$version-linux-x64
work=$output/build/archive
stage=$work/$name
rm -rf "$work"
mkdir -p "$stage/deploy"
dotnet publish "$root/src/Baton" -c Release "${profile[@]}" --no-restore -o "$stage/baton" \
  || fail 'dotnet publish failed; it says why above.'
cp -R "$root/config" "$stage/config"
cp -R "$root/deploy/systemd" "$root/deploy/logrotate" "$root/deploy/completion" "$root/deploy/observability" "$root/deploy/README.md" "$stage/deploy/"
cp "$root/deploy/install.sh" "$root/deploy/upgrade.sh" "$root/README.md" "$root/CHANGELOG.md" "$root/LICENSE" "$stage/"

# The modes of packages and checkouts differ from machine to machine.
find "$stage" -type d -exec chmod 755 {} +
find "$stage" -type f -exec chmod 644 {} +
chmod 755 "$stage/baton/baton" "$stage/install.sh" "$stage/upgrade.sh"

archive=$output/$name.tar.gz
tar -C "$work" --sort=name --format=ustar --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -cf - "$name" | gzip -n > "$archive.new"
mv "$archive.new" "$archive"
(cd "$output" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
echo "$archive"

if [ "$deb" = yes ]; then
  bash "$root/deploy/debian/package.sh" "$stage" "$version" "$output"
fi
rm -rf "$work"
