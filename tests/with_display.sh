#!/usr/bin/env bash
# Runs a test program under a display of its own with a window manager: without one, mouse moves are lost and no window
# ever becomes active.
set -u
exec xvfb-run -a -s "-screen 0 1920x1200x24 +extension GLX" bash -c '
  openbox >/dev/null 2>&1 &
  manager=$!
  sleep 0.5
  QT_QPA_PLATFORM=xcb "$@"
  result=$?
  kill $manager 2>/dev/null
  exit $result' bash "$@"
