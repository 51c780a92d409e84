"""Writes a new example: a network, random numbers for all that goes in, and what the oracle computes."""

import json

import numpy as np

from .example import text
from .inventing import numbers
from .network import Network, Unknown, parameter_shapes
from .networks import NETWORKS
from .registry import expectations, rule_module, settings_of


def make(key, network=None, settings=None, samples=5, seed=0, name=None, note="", tolerance=1e-9):
    """The document of an example of rule `key`. `network`: a name of networks.py, or {"input", "segments"}."""
    module = rule_module(key)
    network = network or getattr(module, "NETWORK", "mlp")
    if isinstance(network, str):
        if network not in NETWORKS:
            raise Unknown(f"there is no network '{network}'; known are {', '.join(NETWORKS)}")
        network = NETWORKS[network]
    rng = np.random.default_rng(seed)
    shapes = parameter_shapes(network["segments"])
    parameters = {parameter: numbers(rng, shape, 0.5) for parameter, shape in shapes.items()}
    rule = {"key": key, **(settings or {})}
    rule.update((setting, value) for setting, value in settings_of(rule).items() if value is not None)
    x = numbers(rng, (samples, *network["input"]))
    classes = Network(network, parameters, x, [0] * samples).classes
    y = rng.integers(classes, size=samples).tolist()
    built = Network(network, parameters, x, y)
    state, draws = module.invent(built, settings_of(rule), rng) if hasattr(module, "invent") else ({}, {})
    expect = expectations(built, rule, state, draws)
    refuse_rounding_errors(expect)
    return {
        "format": 1,
        "name": name or key,
        "note": note,
        "network": network,
        "parameters": parameters,
        "rule": rule,
        "state": state,
        "draws": draws,
        "batch": {"x": x, "y": y},
        "expect": expect,
        "tolerance": tolerance,
    }


def refuse_rounding_errors(expect, place="expect"):
    """A quantity that is zero but for rounding (a bias below a norm, say) has no relative error to speak of."""
    if isinstance(expect, dict):
        for key, entry in expect.items():
            refuse_rounding_errors(entry, f"{place}.{key}")
    elif not np.isfinite(expect).all() or 0 < np.linalg.norm(expect) < 1e-12:
        trouble = "zero but for rounding, or not finite"
        raise ValueError(f"{place} is {trouble}: choose another network or seed")


def make_file(path, key, network, **options):
    if network and network.endswith(".json"):
        with open(network, encoding="utf-8") as file:
            network = json.load(file)
        network = network.get("network", network)
    whole = text(make(key, network, **options))
    with open(path, "w", encoding="utf-8") as file:
        file.write(whole)
