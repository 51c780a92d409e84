"""Compares what examples expect with what the oracle computes, as grapevine-cli verify does with the program."""

import sys

import numpy as np

from .example import read
from .registry import expectations


def relative_error(got, want):
    return np.linalg.norm(np.asarray(got) - want) / max(np.linalg.norm(want), 1e-12)


def errors(got, want, place=""):
    """(quantity, error) of every number and tensor that is expected."""
    if isinstance(want, dict):
        for key, entry in want.items():
            name = f"{place}.{key}".lstrip(".")
            if key not in got:
                raise LookupError(f"expect.{name}: the oracle does not compute it")
            yield from errors(got[key], entry, name)
    elif np.shape(got) != np.shape(want):
        raise LookupError(f"expect.{place} has the shape {np.shape(want)}, the oracle gives {np.shape(got)}")
    else:
        yield place, relative_error(got, want)


def check(example):
    """The quantity that is worst off, and by how much."""
    got = expectations(example.network, example.rule, example.state, example.draws)
    return max(errors(got, example.expect), key=lambda pair: np.inf if np.isnan(pair[1]) else pair[1])


def check_files(paths):
    """One line per file on standard output. Returns the exit status: 1 for a mismatch, 2 for an unreadable file."""
    passed, status = 0, 0
    for path in paths:
        try:
            example = read(path)
            quantity, error = check(example)
        except Exception as trouble:
            print(f"{path}: {type(trouble).__name__}: {trouble}", file=sys.stderr)
            status = 2
            continue
        fine = error <= example.tolerance
        passed += fine
        status = max(status, int(not fine))
        verdict = "ok" if fine else "FAILED"
        print(f"{example.name} {example.rule['key']} {error:.2e} {quantity} {verdict}", flush=True)
    print(f"{passed} passed, {len(paths) - passed} failed")
    return status
