"""GrAPE by the 2025 text's eq. 6: B ← B − η(1 − cos_F(B, Ĵ))·B, then its old norm (learning-rules §2)."""

import numpy as np

from .. import average, estimate, inventing
from ..measures import cosine
from .dfa import carried

SETTINGS = {**estimate.SETTINGS, **average.SETTINGS, "align_rate": 1e-3, "align_steps": 1}


def invent(network, rule, rng):
    perturbation = estimate.invent_perturbations(network, rule, rng)
    state = {"feedback": inventing.feedback(network, rng), **average.invent(network, rule, rng)}
    return state, {"perturbation": perturbation}


def learn(network, rule, state, draws):
    estimates, traces = estimate.estimate_of(network, rule, draws)
    means = average.means(estimates, state, rule)
    feedback = {}
    for l, b in state["feedback"].items():
        for _ in range(rule["align_steps"]):
            moved = b - rule["align_rate"] * (1 - cosine(b, means.get(l, estimates[l]))) * b
            b = moved * np.linalg.norm(b) / np.linalg.norm(moved)
        feedback[l] = b
    result = carried(network, network.e, feedback)
    result.update(jacobian_estimate=estimates, feedback=feedback, traces=traces)
    if means:
        result["jacobian_average"] = means
    return result
