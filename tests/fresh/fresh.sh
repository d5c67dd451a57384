#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
#
# `./dev fresh [demo|test]…`: each command alone, from a clone of HEAD, in a Debian 12 root of its
# own that holds git and bash and nothing else, so that a missing install step shows. The machine's
# own package mirrors (apt, npm) are used; nothing else is taken from it.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
[ "$(id -u)" = 0 ] || { echo "dev fresh: needs root (mounts and chroot)" >&2; exit 1; }

work=$(mktemp -d "${TMPDIR:-/var/tmp}/vardnav-fresh-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

# The base root, from the mirrors that this machine uses.
make_root() {
  local sources=() file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
    [ ! -s "$file" ] || sources+=("$file")
  done
  say "making a clean Debian 12 root"
  mmdebstrap --quiet --mode=root --variant=minbase --include=git,ca-certificates \
    --aptopt='Acquire::Check-Valid-Until "false"' bookworm "$work/base.tar" "${sources[@]}"
}

# in_root ROOT COMMAND…: own mount and process namespaces, so that all ends with the command.
in_root() {
  local root=$1
  shift
  unshare --mount --pid --fork --kill-child bash -euc '
    root=$1; shift
    mount --bind "$root" "$root"  # its own mount, as the root of a machine is
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/run"
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
      LANG=C.UTF-8 TERM="${TERM:-dumb}" chroot "$root" "$@"' bash "$root" "$@"
}

# Passes on what it reads and says when the first alert came.
note_first_alert() {
  local started=$1 line seen=
  while IFS= read -r line; do
    printf '%s\n' "$line" >&2
    if [ -z "$seen" ] && [[ $line == *" raised: "* ]]; then
      seen=yes
      say "first alert $((SECONDS - started)) s after the command, downloads included"
    fi
  done
}

prove() {
  local name=$1 root=$work/$1 started=$SECONDS status=0
  shift
  mkdir "$root"
  tar -C "$root" -xf "$work/base.tar"
  cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
  cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
  rm -f "$root"/etc/apt/apt.conf.d/docker-*
  [ ! -s /etc/npmrc ] || cp /etc/npmrc "$root/etc/npmrc"
  [ ! -s "$HOME/.npmrc" ] || cp "$HOME/.npmrc" "$root/root/.npmrc"
  cp -r /etc/ssl/certs "$root/etc/ssl/"
  git clone --quiet "$here" "$root/root/vardnav"
  say "$name: ./dev $*"
  in_root "$root" bash -c 'cd /root/vardnav && ./dev "$@"' bash "$@" 2>&1 |
    note_first_alert "$started" || status=$?
  say "$name: exit $status after $((SECONDS - started)) s, downloads included"
  if [ $status = 0 ] && [ "$name" = demo ]; then
    started=$SECONDS
    in_root "$root" bash -c 'cd /root/vardnav && ./dev demo --help' >/dev/null || status=$?
    say "on the unchanged tree the demo begins after $((SECONDS - started)) s"
  fi
  rm -rf --one-file-system "$root"
  return $status
}

[ $# -gt 0 ] || set -- demo test
make_root
failed=0
for what in "$@"; do
  case $what in
    demo) prove demo demo --headless --for 60s || failed=1 ;;
    test) prove test test || failed=1 ;;
    *) echo "dev fresh: unknown '$what' (demo, test)" >&2; exit 2 ;;
  esac
done
exit $failed
