# Sourced by the benchmarks: installs the Debian packages that are named and missing, if it may. No service of them is
# started: invoke-rc.d asks policy-rc.d, and 101 means no.
install_packages() {
  local missing
  missing=$(for package; do dpkg -s "$package" > /dev/null 2>&1 || echo "$package"; done)
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "Not installed, and only root can install them: $missing" >&2
    return 1
  fi

  local policy=/usr/sbin/policy-rc.d own=no status=0
  if [ ! -e "$policy" ]; then
    own=yes
    printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod 755 "$policy"
  fi
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null; } || status=$?
  if [ "$own" = yes ]; then rm -f "$policy"; fi
  return "$status"
}
