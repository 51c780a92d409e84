"""Curves straight from the database: a measure of every run, by epoch, as NumPy arrays.

    python3 read_curves.py grapevine.db test_accuracy
"""

import sqlite3
import sys

import numpy

database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
curves = {}
for run, name, rule, point in database.execute(
    "SELECT runs.id, name, rule, point FROM runs JOIN series ON run = runs.id "
    "WHERE measure = ? AND deleted = 0 ORDER BY runs.id, point", sys.argv[2:3]
).fetchall():
    curves[run, point] = numpy.array(database.execute(
        "SELECT epoch, coalesce(value, 'nan') FROM samples JOIN series ON id = series "
        "WHERE run = ? AND point = ? AND measure = ? ORDER BY step", (run, point, sys.argv[2])
    ).fetchall(), float)
    print(f"run {run} ({name}), point {point}: {len(curves[run, point])} values, last {curves[run, point][-1, 1]:.4f}")
