#!/usr/bin/env bash
# Do two builds compute the same? Trains twelve short runs on one thread and prints a line for each: a digest of its
# status, its steps and all its samples, how many samples, and its name. Run it with both programs on one machine
# (another processor rounds in another way) and compare:
#
#   tests/compare_runs.sh old/bin/grapevine-cli old/lib > old.txt
#   tests/compare_runs.sh build/dev/bin/grapevine-cli   > new.txt
#   diff old.txt new.txt
#
#   tests/compare_runs.sh PROGRAM [LIBRARIES]
#     LIBRARIES    the folder of libgrapevine_*.so, where the program's own notes point elsewhere
#   MEASURES=a,b   only these measures: where one build has more of them
#   KEEP=FOLDER    leaves the databases there, for a look at what differs
#
# What the clock says (measures named *_seconds, the times of samples) is left out. Needs sqlite3 and Debian's
# Fashion-MNIST (dataset-fashion-mnist); takes about half a minute.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2; }
program=$(realpath "$1")
if [ $# -ge 2 ]; then
  libraries=$(realpath "$2")
  export LD_LIBRARY_PATH=$libraries GRAPEVINE_ENGINE=$libraries/libgrapevine_engine.so
fi
command -v sqlite3 > /dev/null || { echo "compare_runs.sh needs sqlite3" >&2; exit 2; }
fixtures=$(realpath "$(dirname "$0")/fixtures/0.1.0")

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME=$home XDG_CACHE_HOME=$home/cache XDG_DATA_HOME=$home/data OMP_NUM_THREADS=1
mkdir -p "$home/cache/grapevine" "${KEEP:=$home/runs}"
KEEP=$(realpath "$KEEP")
cp -r "$fixtures/text" "$home/cache/grapevine/wikitext2"
cd "$home"

ask() { sqlite3 -cmd '.timeout 10000' "$KEEP/$name.db" "$1"; }

# digest NAME: of all runs in the database of that name; a race's racers are one digest.
digest() {
  name=$1
  local chosen=""
  [ -z "${MEASURES:-}" ] || chosen="AND measure IN ('${MEASURES//,/\',\'}')"
  ask "SELECT id, status, steps FROM runs ORDER BY id;
       SELECT run, measure, point, step, epoch, quote(value) FROM samples JOIN series ON series.id = samples.series
       WHERE measure NOT LIKE '%\_seconds' ESCAPE '\' $chosen
       ORDER BY run, measure, point, step;" > samples.txt
  local runs
  runs=$(ask "SELECT count(*) FROM runs")
  [ "$runs" -gt 0 ] || { echo "compare_runs.sh: $name stored nothing" >&2; exit 1; }
  printf '%s  %6d  %s\n' "$(sha256sum < samples.txt | cut -c 1-64)" $(($(wc -l < samples.txt) - runs)) "$name"
}

sets() { for one in "$@"; do printf -- '--set\n%s\n' "$one"; done; }
mapfile -t common < <(sets device=cpu seed=11 optimizer.lr=0.001 probe.every=10 probe.batch=64 train.epochs=2)
mapfile -t images < <(sets data.name=fashion_mnist data.train_limit=2000 data.test_limit=500 train.batch=64)
mapfile -t mlp < <(sets model.name=mlp model.hidden=64,64)

# begin COMMAND NAME ARGUMENT…
begin() {
  local command=$1
  name=$2
  shift 2
  rm -rf "$KEEP/$name".db* "$KEEP/$name"-*
  "$program" "$command" --db "$KEEP/$name.db" --quiet --threads 1 "${common[@]}" "$@" > said.txt 2>&1
}
# run NAME KEY=VALUE…: a run on images.
run() {
  local arguments=("${images[@]}") name=$1
  mapfile -t -O ${#arguments[@]} arguments < <(sets "${@:2}")
  begin train "$name" "${arguments[@]}" || { cat said.txt >&2; exit 1; }
  digest "$name"
}

for rule in bp grape residual fa pepita; do
  run "$rule-mlp" model.hidden=64,64 rule.name=$rule
done
run residual-lenet5 model.name=lenet5 model.width=classic rule.name=residual data.train_limit=1000
run grape-per-channel-lenet5 model.name=lenet5 model.width=classic rule.name=grape rule.structure=per_channel \
    data.train_limit=1000
run residual-micro-resnet20 model.name=resnet20 model.feedback_points=micro rule.name=residual \
    data.train_limit=64 data.test_limit=32 train.batch=16 probe.every=4 probe.batch=8
run grape-micro-transformer data.name=wikitext2 data.vocabulary=300 data.context=12 data.train_limit=0 \
    data.test_limit=0 model.name=transformer model.feedback_points=micro model.d_model=16 model.d_ff=32 \
    model.depth=2 model.heads=2 model.dropout=0.1 rule.name=grape schedule.name=noam schedule.warmup_steps=20 \
    train.batch=16
run grape-event-calibration model.hidden=64,64 rule.name=grape calibration.when=event calibration.check_every=2 \
    calibration.smoothing=0.2 calibration.low=0.6 calibration.high=0.65 calibration.checks=1 calibration.min_gap=4 \
    schedule.name=cosine schedule.warmup=1

# Stopped as by Ctrl-C wherever it is by then, and resumed: the run's numbers are the same wherever that was.
stopped_and_resumed() {
  mapfile -t longer < <(sets model.dropout=0.1 train.epochs=40 train.batch=16 probe.every=100 rule.name=grape)
  begin train resumed "${images[@]}" "${mlp[@]}" "${longer[@]}" &
  local child=$! name=resumed
  until [ "$(ask 'SELECT coalesce(max(steps), 0) > 0 FROM runs' 2> /dev/null)" = 1 ]; do sleep 0.05; done
  # The program itself: the child is a shell around it.
  kill -INT "$(ask 'SELECT pid FROM runs')"
  wait $child || true
  [ "$(ask 'SELECT status FROM runs')" = stopped ] || { echo "resumed: it was over before Ctrl-C" >&2; exit 1; }
  "$program" resume 1 --db "$KEEP/resumed.db" --quiet --threads 1 --device cpu > said.txt 2>&1 ||
    { cat said.txt >&2; exit 1; }
  digest resumed
}
stopped_and_resumed

# The second racer's loss is not finite, the others continue: status 1.
cat > race.json <<'RACE'
{"optimizer": {"name": "sgd"},
 "race": [{"rule": {"name": "bp"}}, {"rule": {"name": "bp"}, "optimizer": {"lr": 1e9}}, {"rule": {"name": "dfa"}}]}
RACE
mapfile -t race < <(sets device=cpu seed=11 probe.every=10 probe.batch=64 train.epochs=2)
common=("${race[@]}")  # a rate on the command line would be every racer's
begin race race-with-failure race.json "${images[@]}" "${mlp[@]}" || [ $? = 1 ] || { cat said.txt >&2; exit 1; }
digest race-with-failure
