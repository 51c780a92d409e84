"""Examples in files: format 1 of docs/worked-numbers.md, read and written."""

import json

import numpy as np

from .network import Network


class Example:
    """A file's document, with its tensors as arrays and its points as numbers."""

    def __init__(self, document):
        if document.get("format") != 1:
            raise ValueError(f"format {document.get('format')} is not 1, the only one that the oracle reads")
        self.name, self.tolerance = document["name"], document["tolerance"]
        self.rule = document["rule"]
        self.state, self.draws = (plain(document.get(part, {})) for part in ("state", "draws"))
        self.expect = plain(document["expect"])
        batch = document["batch"]
        y = batch["y"]["data"] if isinstance(batch["y"], dict) else batch["y"]
        self.network = Network(document["network"], plain(document["parameters"]), plain(batch["x"]), y)


def read(path):
    with open(path, encoding="utf-8") as file:
        return Example(json.load(file))


def plain(value):
    """Tensors become arrays, keys of points numbers."""
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"shape", "data"}:
        return np.array(value["data"], float).reshape(value["shape"])
    return {int(key) if key.isdigit() else key: plain(entry) for key, entry in value.items()}


def text(document):
    """JSON with a line for each tensor and each layer."""
    return lines(document, 0) + "\n"


def lines(value, depth):
    if isinstance(value, np.ndarray):
        return json.dumps({"shape": list(value.shape), "data": value.ravel().tolist()}, allow_nan=False)
    if isinstance(value, np.generic):
        return json.dumps(value.item(), allow_nan=False)
    nested = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    if not any(isinstance(entry, (dict, list, np.ndarray)) for entry in nested):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    if isinstance(value, dict):
        entries = [f"{json.dumps(str(key))}: {lines(entry, depth + 1)}" for key, entry in value.items()]
        left, right = "{}"
    else:
        entries = [lines(entry, depth + 1) for entry in value]
        left, right = "[]"
    indent = " " * (depth + 1)
    return left + "\n" + ",\n".join(indent + entry for entry in entries) + "\n" + " " * depth + right
