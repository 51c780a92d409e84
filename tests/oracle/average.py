"""The cumulative mean of the estimates, in Ĵ's place (G25 §3.4; learning-rules §3)."""

import numpy as np

from . import inventing

SETTINGS = {"estimate_average": "none"}


def invent(network, rule, rng):
    """A mean of some estimates, as if three steps had gone before."""
    if rule["estimate_average"] == "none":
        return {}
    shape = lambda l: (network.classes, network.features(l))
    return {
        "jacobian_average": {l: inventing.numbers(rng, shape(l), 0.3) for l in network.points},
        "jacobian_average_count": {l: np.array([3.0]) for l in network.points},
    }


def means(estimates, state, rule):
    """By point; empty where the step's own estimate is followed. The mean of t numbers is their sum over t."""
    if rule["estimate_average"] == "none":
        return {}
    found = {}
    for l, estimate in estimates.items():
        before = state.get("jacobian_average", {}).get(l, np.zeros_like(estimate))
        count = float(state.get("jacobian_average_count", {}).get(l, np.zeros(1))[0])
        found[l] = (count * before + estimate) / (count + 1)
    return found
