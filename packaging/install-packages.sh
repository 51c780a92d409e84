#!/usr/bin/env bash
# Installs what is missing of debian-packages.txt; says and does nothing when all is there. `--headless` leaves out what
# only the desktop program and the tests need.
set -euo pipefail
list="$(dirname "$0")/debian-packages.txt"
kind=all
[ "${1:-}" = --headless ] && kind=headless

wanted=$(sed 's/#.*//' "$list" | awk -v kind="$kind" 'NF && !(kind == "headless" && ($2 == "gui" || $2 == "tests")) {print $1}')

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "This is not a Debian-like system: install the equivalents of these packages by hand, then run make again:" >&2
  echo "$wanted" | sed 's/^/  /' >&2
  exit 1
fi

# libqt6opengl6-dev became part of qt6-base-dev in Debian 13: a package that apt does not know is left out there.
missing=()
for package in $wanted; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "These packages are missing and neither root nor sudo is at hand: ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "Installing ${#missing[@]} system packages: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
known=()
for package in "${missing[@]}"; do
  if [ "$package" = libqt6opengl6-dev ] && ! apt-cache show "$package" >/dev/null 2>&1; then continue; fi
  known+=("$package")
done
[ ${#known[@]} -eq 0 ] && exit 0
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y --no-install-recommends -qq "${known[@]}" >/dev/null
