#!/usr/bin/env bash
# check-package.sh BUILD: makes the Debian package of a finished build and looks at it as a distribution would: lintian,
# the validators of desktop entry, AppStream and media types, and the programs started from an unpacked copy, which finds
# its libraries and resources next to itself. What is not installed here is left out, and said so.
set -euo pipefail
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
export HOME=$work/home QT_QPA_PLATFORM=offscreen
mkdir -p "$HOME"

fail() { echo "FAILED: $*" >&2; exit 1; }
has() { command -v "$1" >/dev/null || { echo "left out, not installed: $1"; return 1; }; }

command -v dpkg-shlibdeps >/dev/null && command -v cpack >/dev/null || { echo "packages need dpkg-dev and CMake's cpack"; exit 77; }
(cd "$build" && cpack -G DEB -B "$work" >"$work/cpack.log" 2>&1) || { cat "$work/cpack.log"; fail "no package could be made"; }
deb=$(echo "$work"/*.deb)
dpkg-deb --info "$deb" | grep '^ Depends:'
for needed in libtorch libqt6widgets6 libopenblas0-openmp fonts-dejavu-core; do
  dpkg-deb --field "$deb" Depends | grep -q "$needed" || fail "the package does not depend on $needed"
done

if has lintian; then
  lintian --allow-root --fail-on error --tag-display-limit 0 "$deb" || fail "lintian found errors"
fi

dpkg-deb --extract "$deb" "$root"
share=$root/usr/share
if has desktop-file-validate; then
  desktop-file-validate --no-hints "$share/applications/grapevine.desktop" || fail "the desktop entry is not valid"
fi
if has appstreamcli; then
  appstreamcli validate --no-net "$share/metainfo/org.grapevine.Grapevine.metainfo.xml" || fail "the AppStream data are not valid"
fi
grep -q '^MimeType=.*x-scheme-handler/grapevine;' "$share/applications/grapevine.desktop" || fail "links are not registered"

# Libraries: the package's own next to the programs, the others where the system has them.
for file in "$root"/usr/bin/* "$root"/usr/lib/grapevine/*; do
  if ldd "$file" | grep 'not found'; then fail "$file misses libraries"; fi
done
core=$(ldd "$root/usr/bin/grapevine-cli" | awk '/libgrapevine_core/ {print $3}')
[ "$(readlink -f "$core")" = "$root/usr/lib/grapevine/libgrapevine_core.so" ] || fail "the program takes another build's library: $core"

runs=$work/runs.db
"$root/usr/bin/grapevine-cli" presets >/dev/null || fail "the presets are not found"
"$root/usr/bin/grapevine-cli" lessons >/dev/null || fail "the lessons are not found"
"$root/usr/bin/grapevine-cli" paper --db "$runs" >/dev/null || fail "the papers' tables are not found"
"$root/usr/bin/grapevine-cli" train --quiet --db "$runs" --set data.name=shapes --set train.max_steps=3 --set data.train_limit=256 \
  --set data.test_limit=64 >/dev/null || fail "a run fails"
"$root/usr/bin/grapevine" --no-opengl --db "$runs" --screenshot "$work/window.png" --steps 2 --set data.name=shapes >/dev/null ||
  fail "the window does not start"
[ -s "$work/window.png" ] || fail "the window painted nothing"

# A desktop that installs the package knows its files.
if has update-mime-database; then
  cp -r "$share/mime" "$work/mime" && update-mime-database "$work/mime" || fail "the media types are not valid"
  grep -q 'application/vnd.grapevine.runs' "$work/mime/types" || fail "the media types are not registered"
  if has xdg-mime; then
    cp "$runs" "$work/without-ending"
    for file in "$runs" "$work/without-ending"; do
      known=$(XDG_DATA_HOME=$work XDG_DATA_DIRS=/usr/share XDG_UTILS_DEBUG_LEVEL=0 xdg-mime query filetype "$file")
      echo "$(basename "$file"): $known"
    done
  fi
fi

# What a desktop does with a link that is clicked and a file that is opened: it starts the program with them, and the program
# of the package opens them.
if has gio && has update-desktop-database && [ -d "$work/mime" ]; then
  mkdir "$work/bin" "$work/applications"
  cp "$share/applications/grapevine.desktop" "$work/applications"
  update-desktop-database "$work/applications"
  printf '#!/bin/sh\nprintf "%%s\\n" "$@" >>"%s/asked.new" && mv "%s/asked.new" "%s/asked"\n' "$work" "$work" "$work" >"$work/bin/grapevine"
  chmod +x "$work/bin/grapevine"
  "$root/usr/bin/grapevine-cli" export 1 --quiet --db "$runs" -o "$work/one.grapevine.run" >/dev/null || fail "a run is not exported"
  number=0
  for thing in 'grapevine:?data.name=shapes&train.max_steps=3&racer&rule.name=bp&view=stage' "$work/one.grapevine.run"; do
    rm -f "$work/asked"
    XDG_DATA_HOME=$work XDG_CONFIG_HOME=$work/config XDG_DATA_DIRS=/usr/share PATH=$work/bin:$PATH timeout 60 gio open "$thing" ||
      fail "the desktop knows nothing that opens $thing"
    for _ in $(seq 200); do [ -s "$work/asked" ] && break; sleep 0.1; done
    [ -s "$work/asked" ] || fail "the desktop did not start the program for $thing"
    number=$((number + 1))
    "$root/usr/bin/grapevine" --no-opengl --screenshot "$work/opened-$number.png" "$(cat "$work/asked")" \
      >/dev/null || fail "the program does not open $(cat "$work/asked")"
    [ -s "$work/opened-$number.png" ] || fail "the window painted nothing of $thing"
    echo "opened from the desktop: $(cat "$work/asked")"
  done
fi
for page in bash-completion/completions/grapevine-cli zsh/vendor-completions/_grapevine-cli \
  fish/vendor_completions.d/grapevine-cli.fish man/man1/grapevine.1.gz man/man1/grapevine-cli.1.gz \
  icons/hicolor/scalable/apps/grapevine.svg grapevine/papers/results.json grapevine/help/window.md \
  grapevine/help/python/read_curves.py grapevine/help/python/rebuild_network.py; do
  [ -s "$share/$page" ] || fail "the package has no $page"
done
echo "The package is good: $(basename "$deb"), $(du -h "$deb" | cut -f1)"
