"""The oracle: worked numbers for the learning rules, computed without the program.

    python3 tests/oracle check [FILE…]     recomputes what examples expect; without files, the test suite's
    python3 tests/oracle make RULE FILE    writes a new example
    python3 tests/oracle rules             lists the rules that the oracle computes

docs/learning-rules.md has the formulas, docs/worked-numbers.md the format. Needs numpy alone.
"""

import argparse
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from oracle.check import check_files
from oracle.make import make_file
from oracle.networks import NETWORKS
from oracle.registry import rule_keys

OWN_FILES = FOLDER.parent / "rules" / "vectors"
FURTHER_FILES = FOLDER.parents[2] / "shared" / "vectors"  # next to the source tree, if at all


def files_of_the_test_suite():
    if not FURTHER_FILES.is_dir():
        print(f"{FURTHER_FILES} is not there: its examples are skipped", file=sys.stderr)
    return sorted(OWN_FILES.glob("*.json")) + sorted(FURTHER_FILES.glob("*.json"))


def setting(text):
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def arguments():
    parser = argparse.ArgumentParser(
        prog="oracle", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="recompute what examples expect")
    check.add_argument("files", nargs="*", help="examples; none: those of the test suite")
    make = commands.add_parser("make", help="write a new example")
    make.add_argument("rule", choices=rule_keys(), metavar="RULE")
    make.add_argument("file", metavar="FILE")
    make.add_argument(
        "--network", help=f"{', '.join(NETWORKS)}, or a JSON file with input and segments (an example will do)"
    )
    make.add_argument("--set", type=setting, action="append", default=[], metavar="NAME=VALUE",
                      help="a setting of the rule")
    make.add_argument("--samples", type=int, default=5)
    make.add_argument("--seed", type=int, default=0)
    make.add_argument("--name", help="default: the file's")
    make.add_argument("--note", default="", help="what it shows")
    make.add_argument("--tolerance", type=float, default=1e-9)
    commands.add_parser("rules", help="list the rules")
    return parser.parse_args()


def main():
    asked = arguments()
    if asked.command == "rules":
        print("\n".join(rule_keys()))
        return 0
    if asked.command == "check":
        return check_files(asked.files or files_of_the_test_suite())
    try:
        make_file(
            asked.file,
            asked.rule,
            asked.network,
            settings=dict(asked.set),
            samples=asked.samples,
            seed=asked.seed,
            name=asked.name or pathlib.Path(asked.file).stem,
            note=asked.note,
            tolerance=asked.tolerance,
        )
    except Exception as trouble:
        print(f"{asked.file}: {trouble}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
