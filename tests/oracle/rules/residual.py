"""Residual alignment: the matrices learn from the error of their own prediction of ż (learning-rules §4)."""

import numpy as np

from .. import estimate
from .dfa import carried
from .fdfa import invent

SETTINGS = {**estimate.SETTINGS, "align_rate": 0.3, "track": 0}


def learn(network, rule, state, draws):
    estimates, traces = estimate.estimate_of(network, rule, draws)
    feedback = {l: move(network, rule, state["feedback"], estimates, traces, l) for l in network.points}
    result = carried(network, network.e, feedback)
    result.update(jacobian_estimate=estimates, feedback=feedback, traces=traces)
    return result


def move(network, rule, feedback, estimates, traces, l):
    b, beta = feedback[l], rule["track"]
    if beta > 0:
        return beta * b + (1 - beta) * estimates[l] if b.any() else estimates[l]
    samples, n = network.samples, network.features(l)
    mean_product = np.zeros_like(b)
    for trace in traces:
        if l not in trace.perturbations:
            continue
        r = trace.z_dot - sum(p @ feedback[m].T for m, p in trace.perturbations.items())
        mean_product += r.T @ trace.perturbations[l] / (samples * rule["directions"])
    sharers = len(network.points) if rule["trace"] == "shared" else 1
    return b + rule["align_rate"] / sharers * 2 * samples / (samples + n + 1) * mean_product
