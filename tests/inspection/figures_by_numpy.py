"""The inspector's figures of one layer, worked out again by NumPy from its exported matrices.

figures_by_numpy.py LAYER.npz COLUMNS.csv ANGLES.csv: prints what differs, a line each; exit status 1 where
something does.
"""
import sys

import numpy as np

layer = np.load(sys.argv[1])
b, estimate, j = (layer[name].astype(float) for name in ("feedback", "estimate", "jacobian"))
wrong = []


def same(name, expected, tolerance=1e-4):
    found = np.asarray(layer[name], dtype=float)
    expected = np.atleast_1d(np.asarray(expected, dtype=float))
    if found.shape != expected.shape:
        wrong.append(f"{name}: {found.shape} in place of {expected.shape}")
    elif not np.allclose(found, expected, rtol=tolerance, atol=tolerance, equal_nan=True):
        wrong.append(f"{name}: off by {np.nanmax(np.abs(found - expected))}")


def cosine(one, other):
    return (one * other).sum() / np.linalg.norm(one) / np.linalg.norm(other)


def counted(name, file, values, low, high):
    table = np.loadtxt(file, delimiter=",", skiprows=1)
    counts, edges = np.histogram(values, bins=len(table), range=(low, high))
    # A value on an edge may count on either side of it.
    if np.abs(counts - table[:, 2]).sum() > 2 or counts.sum() != table[:, 2].sum():
        wrong.append(f"{name}: {table[:, 2].astype(int).tolist()} in place of {counts.tolist()}")
    if not np.allclose(table[:, 0], edges[:-1], atol=1e-9) or not np.allclose(table[:, 1], edges[1:], atol=1e-9):
        wrong.append(f"{name}: other edges")


alpha = (b * j).sum() / (j * j).sum()
same("alpha", alpha)
same("left_over", b - alpha * j)
same("cos_b_j", cosine(b, j))
columns = (b * j).sum(0) / np.linalg.norm(b, axis=0) / np.linalg.norm(j, axis=0)
same("column_cosines", columns)
for name, matrix in (("feedback", b), ("estimate", estimate), ("jacobian", j)):
    same(f"singular_values_{name}", np.linalg.svd(matrix, compute_uv=False))
same("eq4_measured", cosine(estimate, j))
same("eq4_bound", np.sqrt(2 / (np.pi * j.shape[1])) * np.linalg.norm(j, 2) / np.linalg.norm(j))
x, y = cosine(b, estimate), cosine(estimate, j)
same("lemma_b2_measured", cosine(b, j))
same("lemma_b2_bound", x * y - np.sqrt(1 - x * x) * np.sqrt(1 - y * y))
counted("columns", sys.argv[2], columns, -1, 1)
counted("angles", sys.argv[3], layer["sample_angles"], 0, 180)

# Of the activations the histogram leaves: their number, and mean and deviation to half a bin.
counts, (low, high) = layer["activation_histogram"], layer["activation_range"]
width = (high - low) / len(counts)
middles = low + width * (np.arange(len(counts)) + 0.5)
mean = (counts * middles).sum() / counts.sum()
same("activation_mean", mean, width)
same("activation_deviation", np.sqrt((counts * (middles - mean) ** 2).sum() / counts.sum()), width)
if counts.sum() % j.shape[1] != 0:
    wrong.append(f"activations: {counts.sum()} values are not a row of {j.shape[1]} a sample")

print("\n".join(wrong))
sys.exit(1 if wrong else 0)
