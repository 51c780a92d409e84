#!/usr/bin/env bash
# make fuzz: builds the fuzzers with clang and lets each run SECONDS, from the seeds and from what earlier runs found out.
# run.sh SECONDS [NAME…]; inputs that break something lie in build/fuzz/found and the status is 1.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=$1
shift
names=${*:-$(sed -n 's/^GRAPEVINE_FUZZER(\(.*\))$/\1/p' tests/fuzz/fuzzers.def)}

command -v clang++ >/dev/null || { echo "make fuzz needs clang with its libFuzzer (Debian: clang, libclang-rt-14-dev)" >&2; exit 2; }
test -f build/fuzz/build.ninja || cmake --preset fuzz >/dev/null
cmake --build --preset fuzz
mkdir -p build/fuzz/found
status=0
for name in $names; do
  learned=build/fuzz/corpus/$name
  mkdir -p "$learned"
  # A limit of memory and of time for one input: a header must not be believed.
  if log=$(build/fuzz/bin/fuzz_"$name" -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=10 -max_len=65536 \
      -artifact_prefix=build/fuzz/found/"$name"- "$learned" tests/fuzz/corpus/"$name" 2>&1); then
    echo "$name: $(grep -E '^Done [0-9]+ runs' <<<"$log"), $(find "$learned" -type f | wc -l) inputs kept"
  else
    status=1
    echo "$name: FAILED"
    tail -n 40 <<<"$log"
  fi
done
exit $status
