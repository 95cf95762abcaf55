#!/usr/bin/env bash
# Brings a release archive into service: installs it, has the running daemon replaced by it, and goes back if that fails.
set -euo pipefail
umask 022

usage() {
  cat <<'EOF'
Usage: upgrade.sh ARCHIVE [--config FILE] [--verify] [--timeout SECONDS] [--prefix DIR]

Checks the archive baton-VERSION-linux-x64.tar.gz (with the .sha256 file beside it, if there is one), has its program check
the configuration, installs it as its install.sh does, switches /opt/baton/current to it, has the running daemon upgraded and
waits for the report. If the upgrade fails, the link is switched back. Afterwards the three newest releases are kept, and
those that a daemon still runs. Where no daemon runs, the release is installed and nothing is started.

  --config FILE      the configuration that the daemon runs with; default: /etc/baton/baton.json
  --verify           as in baton upgrade: canaries fly through every listener meanwhile
  --timeout SECONDS  as in baton upgrade: how long to wait for its end
  --prefix DIR       below DIR in place of /

Exit code: 0 the release is installed, and serves if a daemon ran; 1 it is not, and everything is as it was, unless another
reason stands there; 2 wrong usage; 3 the upgrade was not over when the time of --timeout was, and goes on.
EOF
}

fail() {
  printf 'upgrade.sh: %s\n' "$@" >&2
  exit 1
}

wrong_usage() {
  printf 'upgrade.sh: %s\n' "$@" 'upgrade.sh --help lists the options.' >&2
  exit 2
}

archive='' prefix='' config='' pass=()
while [ $# -gt 0 ]; do
  case $1 in
    --prefix | --config | --timeout)
      if [ $# -lt 2 ] || [ -z "$2" ]; then wrong_usage "$1 needs a value."; fi
      case $1 in --prefix) prefix=$2 ;; --config) config=$2 ;; *) pass+=("$1" "$2") ;; esac
      shift
      ;;
    --verify) pass+=("$1") ;;
    -h | --help) usage && exit 0 ;;
    -*) wrong_usage "$1 is not an option." ;;
    *)
      [ -z "$archive" ] || wrong_usage "There are two archives: $archive and $1."
      archive=$1
      ;;
  esac
  shift
done
[ -n "$archive" ] || wrong_usage 'The archive is missing.'
[ -f "$archive" ] || fail "There is no file $archive."
if [ -n "$prefix" ]; then
  [ -d "$prefix" ] || fail "There is no directory $prefix. Install a first release into it with install.sh --prefix $prefix."
  prefix=$(cd "$prefix" && pwd -P)
  [ "$prefix" != / ] || prefix=''
fi

opt=$prefix/opt/baton
releases=$opt/releases
current=$opt/current
config=${config:-$prefix/etc/baton/baton.json}
mkdir -p "$releases" || fail "The directory $releases cannot be made. Run this as root."

# The releases that processes run; of other users' only root sees what they run.
running() {
  local process exe
  for process in /proc/[0-9]*; do
    exe=$(readlink "$process/exe" 2> /dev/null) || continue
    case $exe in "$releases"/*/baton) dirname "$exe" ;; esac
  done | sort -u
}

runs() { running | grep -qxF "$1"; }

go_back() {
  point_to "$old"
  if [ "$known" = no ] && ! runs "$releases/$version"; then rm -rf "${releases:?}/$version"; fi
}

point_to() { ln -sfn "$1" "$current.new" && mv -Tf "$current.new" "$current"; }

# Two at once would switch the link under each other.
exec 9> "$opt/.lock"
flock -n 9 || fail "Another upgrade.sh is at work in $opt. Wait for its end."

# --- The archive: nothing of it is unpacked before its list of files is what a release has.
if [ -f "$archive.sha256" ]; then
  expected=$(cut -d ' ' -f 1 "$archive.sha256")
  found=$(sha256sum < "$archive" | cut -d ' ' -f 1)
  [ "$expected" = "$found" ] || fail "$archive is damaged: its SHA-256 is $found, but $archive.sha256 says $expected. Fetch it again."
else
  echo "There is no $archive.sha256, so the archive is not compared with it."
fi
work=$(mktemp -d "$opt/.unpacked.XXXXXX")
trap 'rm -rf "$work"' EXIT
{ tar -tzf "$archive" > "$work/names" && tar -tvzf "$archive" > "$work/list"; } 2> "$work/reason" \
  || fail "$archive cannot be read: $(head -n 1 "$work/reason"). Is it a whole release archive?"
top=$(head -n 1 "$work/names")
top=${top%%/*}
[[ $top =~ ^baton-([0-9][0-9A-Za-z.-]*)-([a-z]+)-([a-z0-9]+)$ ]] \
  || fail "$archive is not a release of baton: its first entry is '$top', but it must be baton-VERSION-linux-x64. Nothing was unpacked."
version=${BASH_REMATCH[1]}
built_for=${BASH_REMATCH[2]}-${BASH_REMATCH[3]}
case $(uname -sm) in 'Linux x86_64') machine=linux-x64 ;; 'Linux aarch64') machine=linux-arm64 ;; *) machine=$(uname -sm) ;; esac
[ "$built_for" = "$machine" ] || fail "$archive is built for $built_for, but this machine is $machine. Fetch the archive for $machine."
foreign=$(grep -vE "^${top//./\\.}(/|\$)" "$work/names" || grep -E '(^|/)\.\.(/|$)' "$work/names" || grep -vE '^[d-]' "$work/list" || true)
[ -z "$foreign" ] || fail "$archive has entries that no release has, such as: $(head -n 1 <<< "$foreign"). Nothing was unpacked; where does it come from?"
tar -xzf "$archive" -C "$work" --no-same-owner --no-same-permissions || fail "$archive could not be unpacked into $work; the reason stands above."
new=$work/$top
for part in baton/baton install.sh config/baton.json; do
  [ -f "$new/$part" ] || fail "$archive is not a release of baton: it has no $top/$part."
done

# --- The program: does it run, is it what it says, does it accept the configuration?
said=$("$new/baton/baton" version 2>&1) || fail "The program in $archive does not run on this machine. It said: ${said:-nothing}" 'Nothing was changed.'
[ "$said" = "baton $version" ] || fail "$archive says that it is version $version, but its program says '$said'. Nothing was changed."
if [ -e "$config" ]; then
  "$new/baton/baton" check --config "$config" \
    || fail "Release $version does not accept $config; its reasons stand above. Nothing was changed. Mend the file and run this again."
fi

# --- Into service.
known=no
[ ! -e "$releases/$version" ] || known=yes
"$new/install.sh" ${prefix:+--prefix "$prefix"} --no-switch || fail "Release $version could not be installed; the reason stands above. Nothing was changed."
old=$(readlink "$current" 2> /dev/null || true)
code=0
if [ -n "$old" ] && [ -n "$(running)" ]; then
  # The client of the old release is the one that is known to work.
  client=$(cd "$current" && pwd -P)/baton
  point_to "releases/$version" || fail "The link $current could not be switched to releases/$version; the reason stands above. The daemon was not touched."
  "$client" upgrade --config "$config" "${pass[@]}" 9>&- | tee "$work/said" || code=${PIPESTATUS[0]}
  if [ "$code" = 3 ]; then
    echo "upgrade.sh: $current stays at release $version. If the upgrade fails later, switch it back: ln -sfn $old $current" >&2
    exit 3
  fi
  if [ "$code" != 0 ] && grep -q '^Upgrade completed' "$work/said"; then
    fail "Release $version serves, since the upgrade was completed, but a canary broke; it is named above." \
      "To go back: ln -sfn $old $current && $current/baton upgrade --config $config"
  fi
  if [ "$code" != 0 ]; then
    go_back
    fail "The upgrade to release $version failed; the reason stands above. The link $current is back at $old."
  fi
  if ! runs "$releases/$version"; then
    go_back
    fail "The daemon was upgraded, but not to release $version: it was not started through $current, and its successor is started as it was." \
      "The link $current is back at $old. Start the daemon as $prefix/usr/local/bin/baton, once."
  fi
fi
"$new/install.sh" ${prefix:+--prefix "$prefix"} > "$work/installed" || fail "Release $version could not be installed as a whole; the reason stands above."

# --- The three newest stay, to go back to, and whatever runs or is pointed to.
touch "$releases/$version"
kept=0
while read -r directory; do
  kept=$((kept + 1))
  if [ "$kept" -gt 3 ] && ! runs "$directory" && [ "$directory" != "$(cd "$current" && pwd -P)" ]; then
    rm -rf "$directory"
    echo "Removed $directory."
  fi
done < <(find "$releases" -mindepth 1 -maxdepth 1 -type d ! -name '.*' -printf '%T@ %p\n' | sort -rn | cut -d ' ' -f 2-)

if runs "$releases/$version"; then
  echo "Release $version serves."
else
  echo "No daemon runs from $releases, so nothing was upgraded."
  cat "$work/installed"
fi
