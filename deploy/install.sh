#!/usr/bin/env bash
# Lays a release out beside the ones that are there, from its unpacked archive; it neither starts nor restarts a daemon.
set -euo pipefail
umask 022

usage() {
  cat <<'EOF'
Usage: ./install.sh [--prefix DIR] [--no-switch]
       ./install.sh --uninstall [--purge] [--prefix DIR]

Lays out, from the unpacked archive that this script lies in:
  /opt/baton/releases/VERSION       the program
  /opt/baton/current                a link to it, switched in one step
  /usr/local/bin/baton              a link to /opt/baton/current/baton
  /usr/local/share/bash-completion/completions/baton
  /etc/baton                        baton.json, kept if there is one; schema, README and examples, which are updated
  /etc/systemd/system/baton.*       where systemd is, or with --prefix
Running it again changes nothing. A daemon that runs goes on as it is.

  --prefix DIR  below DIR in place of /
  --no-switch   the program alone: neither links, nor /etc
  --uninstall   removes all of that except for /etc/baton; refuses while a daemon runs
  --purge       removes /etc/baton, too
EOF
}

fail() {
  printf 'install.sh: %s\n' "$@" >&2
  exit 1
}

wrong_usage() {
  printf 'install.sh: %s\n' "$@" 'install.sh --help lists the options.' >&2
  exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
prefix='' switch=yes uninstall=no purge=no
while [ $# -gt 0 ]; do
  case $1 in
    --prefix)
      if [ $# -lt 2 ] || [ -z "$2" ]; then wrong_usage '--prefix needs a directory.'; fi
      mkdir -p "$2" || fail "The prefix $2 cannot be made. Run this as a user who may, or name another directory."
      prefix=$(cd "$2" && pwd -P)
      [ "$prefix" != / ] || prefix=''
      shift
      ;;
    --no-switch) switch=no ;;
    --uninstall) uninstall=yes ;;
    --purge) purge=yes ;;
    -h | --help) usage && exit 0 ;;
    *) wrong_usage "$1 is not an option." ;;
  esac
  shift
done
[ "$purge" = no ] || [ "$uninstall" = yes ] || wrong_usage '--purge goes only with --uninstall.'

opt=$prefix/opt/baton
etc=$prefix/etc/baton
bin=$prefix/usr/local/bin
units=$prefix/etc/systemd/system
completions=$prefix/usr/local/share/bash-completion/completions

# sd_booted(3)
has_systemd() { [ -z "$prefix" ] && [ -d /run/systemd/system ]; }

# Every process that runs a release of this prefix; of other users' only root sees what they run.
running() {
  local process exe
  for process in /proc/[0-9]*; do
    exe=$(readlink "$process/exe" 2> /dev/null) || continue
    case $exe in "$opt"/releases/*) echo "${process#/proc/}" ;; esac
  done
}

# A link is switched by rename: whoever follows it meanwhile finds the old release or the new one, never none.
link() {
  [ "$(readlink "$2" 2> /dev/null)" != "$1" ] || return 0
  { ln -sfn "$1" "$2.new" && mv -Tf "$2.new" "$2"; } || fail "The link $2 -> $1 could not be made; the reason stands above. Is something else in its place?"
}

uninstall() {
  local service pids
  if has_systemd; then
    for service in baton.service baton.socket; do
      ! systemctl is-active --quiet "$service" || fail "Nothing was removed: $service is active. Stop it with: systemctl disable --now $service"
    done
  fi
  pids=$(running | xargs)
  [ -z "$pids" ] || fail "Nothing was removed: a daemon runs from $opt/releases (pid $pids). Stop it with: kill -TERM $pids"

  for service in "$units"/baton.service "$units"/baton.socket; do
    [ -e "$service" ] || continue
    ! has_systemd || systemctl disable --quiet "$(basename "$service")"
    rm -f "$service"
  done
  ! has_systemd || systemctl daemon-reload
  # Somebody may have put another program in the place of the link.
  case $(readlink "$bin/baton" 2> /dev/null || true) in */opt/baton/current/baton) rm -f "$bin/baton" ;; esac
  rm -f "$completions/baton"
  rm -rf "$opt/releases" "$opt/current" "$opt/.lock"
  [ ! -d "$opt" ] || rmdir --ignore-fail-on-non-empty "$opt"
  if [ "$purge" = yes ]; then
    rm -rf "$etc"
    echo "baton is removed, with its configuration."
  else
    echo "baton is removed. Its configuration stays in $etc; --purge removes it, too."
  fi
}

if [ "$uninstall" = yes ]; then
  uninstall
  exit 0
fi

for part in baton/baton config/baton.json deploy/systemd/baton.service deploy/completion/baton; do
  [ -e "$here/$part" ] || fail "$here is not an unpacked release archive: $part is missing. Unpack the archive and run the install.sh in it."
done
version=$("$here/baton/baton" version) \
  || fail "$here/baton/baton does not run on this machine ($(uname -sm)); what it said stands above. It needs Linux on x86-64 with OpenSSL and glibc 2.34 or newer."
version=${version#baton }
release=$opt/releases/$version

# The program, under a name of its own until it is whole.
mkdir -p "$opt/releases" "$bin" "$etc" || fail "$prefix/opt, $prefix/usr/local and $prefix/etc must be writable. Run this as root."
if [ ! -e "$release" ]; then
  draft=$(mktemp -d "$opt/releases/.$version.XXXXXX")
  trap 'rm -rf "$draft"' EXIT
  cp -R "$here/baton/." "$here/install.sh" "$here/upgrade.sh" "$here/LICENSE" "$here/CHANGELOG.md" "$draft/"
  chmod 755 "$draft"
  mv -T "$draft" "$release"
elif [ -n "$(cd "$here/baton" && find . -type f ! -exec cmp -s {} "$release/{}" \; -print)" ]; then
  fail "$release exists and is not what is in this archive. A daemon may run from it, and its files must not change under it." \
    "Give the new build a version of its own, or remove the directory if nothing runs from it."
fi
if [ "$switch" = no ]; then
  exit 0
fi

link "releases/$version" "$opt/current"
link ../../../opt/baton/current/baton "$bin/baton"

if [ -e "$etc/baton.json" ]; then
  kept="kept as it was"
else
  install -m 644 "$here/config/baton.json" "$etc/baton.json"
  kept="new: it serves http://127.0.0.1:8080 with a built-in page"
fi
install -m 644 "$here/config/baton.schema.json" "$here/config/README.md" "$etc/"
install -d "$etc/examples"
install -m 644 "$here"/config/examples/* "$etc/examples/"

mkdir -p "$completions"
install -m 644 "$here/deploy/completion/baton" "$completions/baton"

if [ -n "$prefix" ] || [ -d /run/systemd/system ]; then
  mkdir -p "$units"
  install -m 644 "$here"/deploy/systemd/* "$units/"
  ! has_systemd || systemctl daemon-reload
fi

echo "baton $version is installed in $release."
echo "  $etc/baton.json: $kept"
if [ -n "$(running)" ]; then
  echo "  A daemon runs and goes on as it is. To upgrade it:  $bin/baton upgrade --config $etc/baton.json"
elif has_systemd; then
  echo "  To start it:  systemctl enable --now baton"
else
  echo "  To start it:  $bin/baton run --config $etc/baton.json"
fi
