#!/bin/sh
# cached-compiler.sh SOURCES CCACHE COMPILER ARGUMENTS…: compiles through the compiler cache. Files with a precompiled header
# are taken only under the terms named here; another clone of the same state is served from the same cache, as paths below
# SOURCES count relative to it. A precompiled header has hundreds of megabytes, which ccache would read again for each file
# that uses it (0.6 s of the processor per file): its sum is left next to it, which ccache takes instead (0.02 s).
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
export CCACHE_BASEDIR="$1" CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1
shift
"$@" || exit
while [ $# -gt 1 ]; do
  case $1,$2 in -o,*.gch) sha256sum <"$2" >"$2.sum" ;; esac
  shift
done
