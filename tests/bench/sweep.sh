#!/bin/sh
# A sweep of 100 small cells two at once against the same cells one after the other, all on one thread. On an idle
# machine with two cores it takes at most 1.15 × half of their time; the processor time of both is next to it,
# for a machine that others use too. Takes grapevine-cli's path; CELLS=100.
set -eu
cli=$1
cells=${CELLS:-100}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
seeds=$(seq -s, 0 $((cells - 1)))
echo "{\"experiment\": {\"data\": {\"name\": \"shapes\", \"train_limit\": 2560, \"test_limit\": 500}, \"model\": {\"hidden\": [128, 128]},
 \"train\": {\"epochs\": 3}, \"rule\": {\"name\": \"dfa\"}, \"probe\": {\"every\": 0}}, \"grid\": {\"seed\": [$seeds]}}" > "$folder/grid.json"
# Wall and processor time in ms.
took() {
  begin=$(date +%s%N)
  "$cli" sweep "$folder/grid.json" --threads 1 --quiet --db "$folder/$1.db" --jobs "$2" > /dev/null
  end=$(date +%s%N)
  times > "$folder/times"  # not through a pipe, which has times of its own
  processor=$(awk 'NR == 2 { gsub(/[ms]/, " "); print int(1000 * (60 * $1 + $2 + 60 * $3 + $4)) }' "$folder/times")
  echo $(((end - begin) / 1000000)) "$processor"
}
alone=$(took alone 1)
beside=$(took beside 2)
echo "$alone $beside" | awk -v n="$cells" '{
  printf "sweep of %d cells: one after the other %.1f s (processor %.1f s), two at once %.1f s (processor %.1f s): ", n, $1 / 1000, $2 / 1000, $3 / 1000, $4 / 1000
  printf "%.2f of half (goal 1.15)\n", $3 / ($1 / 2) }'
