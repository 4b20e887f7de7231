#!/usr/bin/env bash
# Shows that ./dev works as the first command on a fresh Debian 12 machine: makes a minimal root with debootstrap, clones this
# checkout into it twice and runs, each as the first command of its clone, `./dev run` and `./dev test`. Needs root, debootstrap
# and a Debian mirror. Usage: tests/fresh_machine.sh [FOLDER] [COMMAND...]; FOLDER is kept if it is given.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
root=${1:-$(mktemp -d /var/tmp/wfc-fresh.XXXXXX)}
[ $# -eq 0 ] || shift
commands=("$@")
[ ${#commands[@]} -gt 0 ] || commands=("./dev run" "./dev test")
mirror=${WFC_MIRROR:-http://deb.debian.org/debian}
[ "$(id -u)" -eq 0 ] || { echo "fresh_machine: needs root, for debootstrap and chroot" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "fresh_machine: needs debootstrap" >&2; exit 2; }

cleanup() { for each in proc sys dev; do umount -R "$root/base/$each" 2>/dev/null || true; done; }
trap cleanup EXIT

if [ ! -e "$root/base/etc/debian_version" ]; then
  mkdir -p "$root"
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root/base" "$mirror" >"$root/debootstrap.log" 2>&1 \
    || { tail -n 20 "$root/debootstrap.log" >&2; exit 1; }
fi
{
  echo "deb $mirror bookworm main"
  echo "deb $mirror bookworm-updates main"
  echo "deb ${WFC_SECURITY_MIRROR:-http://deb.debian.org/debian-security} bookworm-security main"
} >"$root/base/etc/apt/sources.list"
cp /etc/resolv.conf "$root/base/etc/resolv.conf"
for each in proc sys dev; do mkdir -p "$root/base/$each"; mount --rbind "/$each" "$root/base/$each"; mount --make-rslave "$root/base/$each"; done

number=0
for command in "${commands[@]}"; do
  number=$((number + 1))
  rm -rf "$root/base/root/clone$number"
  git clone -q --no-hardlinks "file://$here" "$root/base/root/clone$number"
  echo "== a fresh clone, first command: $command"
  chroot "$root/base" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
    /bin/bash -c "cd /root/clone$number && $command"
done
echo "fresh machine: all commands succeeded"
