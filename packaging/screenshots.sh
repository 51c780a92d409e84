#!/usr/bin/env bash
# Pictures of the window, light and dark, of every view, in a small window, at twice the size, and of deep networks, and a film:
# screenshots.sh PROGRAM FOLDER. Without a display they are taken under Xvfb.
set -euo pipefail
program=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
races=$(mktemp -d)
trap 'rm -rf "$races"' EXIT
shot() {
  local picture="$folder/$1"
  [[ "$1" == *.* ]] || picture+=.png
  shift
  if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then "$program" --screenshot "$picture" "$@"
  else xvfb-run -a -s "-screen 0 3400x2200x24" "$program" --screenshot "$picture" "$@"; fi
  echo "$picture"
}
race() { local rules=""; for rule in "$@"; do rules+="${rules:+, }{\"rule\": {\"name\": \"$rule\"}}"; done; echo "\"race\": [$rules]"; }

cat > "$races/deep.json" << END
{"data": {"train_limit": 2560, "test_limit": 500}, "probe": {"every": 10},
 "model": {"hidden": [64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64]}, $(race bp fa dfa grape residual drtp pepita)}
END
cat > "$races/residual-network.json" << END
{"data": {"name": "shapes", "train_limit": 64, "test_limit": 32}, "train": {"batch": 16}, "probe": {"every": 2, "batch": 8},
 "model": {"name": "resnet56", "feedback_points": "micro"}, $(race bp dfa grape)}
END
# The views that the program knows, as its help lists them: "stage", "inspector:LAYER".
views=$("$program" --help | sed -n '/^  --view VIEW/,/^  --[^v]/s/^ \{20,\}\([a-z-]*\(:[A-Z]*\)\{0,1\}\): .*/\1/p')
[ -n "$views" ] || { echo "$program --help lists no views" >&2; exit 1; }
for colours in light dark; do
  for view in $views; do
    picture=${view%%:*}-$colours
    view=${view/%:LAYER/:2}
    view=${view/%:NAME/:direct}
    case $view in
      start|queue|paper|lesson:*) shot "$picture" --view "$view" --steps 0 --$colours ;;  # they show no run
      *) shot "$picture" --view "$view" --steps 200 --size 1600x1000 --$colours ;;
    esac
  done
  shot "small-$colours" --steps 60 --size 1024x700 --$colours
  shot "small-deep-$colours" "$races/deep.json" --steps 40 --size 1024x700 --$colours
  shot "deep-$colours" "$races/deep.json" --steps 40 --$colours
done
QT_SCALE_FACTOR=2 shot double --steps 60 --size 1600x1000
shot residual-network "$races/residual-network.json" --steps 4
shot stage-only --stage-only --steps 60
shot present --present --steps 60
shot race.gif --steps 200
