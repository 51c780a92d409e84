#!/usr/bin/env bash
# Pictures of the window, light and dark, of every view: screenshots.sh PROGRAM FOLDER. Without a display they are taken
# under Xvfb.
set -euo pipefail
program=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
shot() {
  if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then "$program" "$@"; else xvfb-run -a -s "-screen 0 2000x1400x24" "$program" "$@"; fi
}
for colours in light dark; do
  for view in stage scope; do
    shot --screenshot "$folder/$view-$colours.png" --view $view --steps 200 --size 1600x1000 --$colours
    echo "$folder/$view-$colours.png"
  done
done
