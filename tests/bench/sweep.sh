#!/bin/sh
# A sweep of 100 small cells two at once against the same cells one after the other, all on one thread. On an idle
# machine with two cores it takes at most 1.15 × half of their time. Takes grapevine-cli's path; CELLS=100.
set -eu
cli=$1
cells=${CELLS:-100}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
seeds=$(seq -s, 0 $((cells - 1)))
echo "{\"experiment\": {\"data\": {\"name\": \"shapes\", \"train_limit\": 2560, \"test_limit\": 500}, \"model\": {\"hidden\": [128, 128]},
 \"train\": {\"epochs\": 3}, \"rule\": {\"name\": \"dfa\"}, \"probe\": {\"every\": 0}}, \"grid\": {\"seed\": [$seeds]}}" > "$folder/grid.json"
took() {
  begin=$(date +%s%N)
  "$cli" sweep "$folder/grid.json" --threads 1 --quiet --db "$folder/$1.db" --jobs "$2" > /dev/null
  echo $((($(date +%s%N) - begin) / 1000000))
}
alone=$(took alone 1)
beside=$(took beside 2)
awk -v a="$alone" -v b="$beside" -v n="$cells" 'BEGIN {
  printf "sweep of %d cells: one after the other %.1f s, two at once %.1f s: %.2f of half (goal 1.15)\n", n, a / 1000, b / 1000, b / (a / 2) }'
