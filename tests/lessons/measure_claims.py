#!/usr/bin/env python3
"""In how many seeds what a lesson waits for comes true, and at which training step.

    measure_claims.py run CLI FOLDER [LESSON …] [--seeds 0-9]   trains; a result a lesson and seed in FOLDER
    measure_claims.py table FOLDER LESSONS                      the rows of docs/lessons-measured.md

A result that is there is not trained again, so a measurement can be interrupted and continued. LESSONS is
the folder of the lessons' files. Conditions that hold by construction (the run's end, a command, an answer)
are left out.
"""
import json
import pathlib
import re
import subprocess
import sys


def names(cli):
    listed = subprocess.run([cli, "lessons", "--json"], capture_output=True, text=True, check=True)
    return [lesson["name"] for lesson in json.loads(listed.stdout)["lessons"]]


def seeds_of(words):
    first, _, last = words.partition("-")
    return range(int(first), int(last or first) + 1)


def run(cli, folder, wanted, seeds):
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in wanted or names(cli):
        for seed in seeds:
            result = folder / f"{lesson}-{seed}.json"
            if result.exists():
                continue
            # Status 1 says that a condition did not come true: the numbers are there all the same.
            student = subprocess.run(
                [cli, "lessons", "run", lesson, "--seed", str(seed), "--threads", "1", "--json"],
                capture_output=True, text=True)
            if not student.stdout.startswith("{"):
                sys.exit(f"{lesson}, seed {seed}: {student.stderr}")
            result.write_text(student.stdout)
            seconds = json.loads(student.stdout)["seconds"]
            print(f"{lesson}, seed {seed}: {seconds:.1f} s of training", flush=True)


def document(path):
    """The lessons that come along have their comments in lines of their own."""
    return json.loads(re.sub(r"(?m)^\s*//.*$", "", path.read_text()))


def words(condition):
    side = "above" if "above" in condition else "below"
    bound = condition[side]
    text = f"`{condition['measure']}` {side} " + (f"`{bound}`" if isinstance(bound, str) else f"{bound:g}")
    return text + (f", {condition['samples']} in a row" if condition.get("samples", 1) > 1 else "")


def seeds_in_words(seeds):
    seeds = sorted(seeds)
    whole = seeds == list(range(seeds[0], seeds[-1] + 1))
    return f"{seeds[0]}–{seeds[-1]}" if whole and len(seeds) > 1 else ", ".join(map(str, seeds))


def table(folder, lessons):
    print("| lesson | experiment | condition | seeds | held in | at step |")
    print("|---|---|---|---|---|---|")
    plans = {path.stem: document(path) for path in lessons.glob("*.json")}
    for name, plan in sorted(plans.items(), key=lambda item: item[1].get("order", 0)):
        results = {int(path.stem.rsplit("-", 1)[1]): json.loads(path.read_text())
                   for path in folder.glob(f"{name}-[0-9]*.json")}
        if not results:
            continue
        title, experiment = plan["title"], ""
        for i, step in enumerate(plan["steps"]):
            experiment = step.get("experiment", experiment)
            for j, condition in enumerate(step.get("until", [])):
                if "measure" not in condition:
                    continue
                seen = [result["steps"][i]["conditions"][j] for result in results.values()]
                at = sorted(each["step"] for each in seen if each["met"])
                span = "–" if not at else str(at[0]) if at[0] == at[-1] else f"{at[0]}–{at[-1]}"
                print(f"| {title} | {experiment} | {words(condition)} | {seeds_in_words(results)} | "
                      f"{len(at)} of {len(seen)} | {span} |")
                title = ""


def main(arguments):
    seeds = range(10)
    if "--seeds" in arguments:
        at = arguments.index("--seeds")
        seeds = seeds_of(arguments[at + 1])
        del arguments[at:at + 2]
    if len(arguments) >= 3 and arguments[0] == "run":
        return run(arguments[1], pathlib.Path(arguments[2]), arguments[3:], seeds)
    if len(arguments) == 3 and arguments[0] == "table":
        return table(pathlib.Path(arguments[1]), pathlib.Path(arguments[2]))
    sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
