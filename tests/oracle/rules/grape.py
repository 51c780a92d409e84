"""GrAPE: dfa after a step of each column's cosine with the estimate (learning-rules §3)."""

import numpy as np

from .. import average, estimate, inventing
from .dfa import carried

SETTINGS = {
    **estimate.SETTINGS,
    "align_rate": 0.01,
    "align_momentum": 0.9,
    "reduction": "sum",
    "norm": "column",
    "align_steps": 1,
    **average.SETTINGS,
}


def invent(network, rule, rng):
    feedback = inventing.feedback(network, rng)
    momentum = {l: inventing.numbers(rng, b.shape, 0.1) for l, b in feedback.items()}
    perturbation = estimate.invent_perturbations(network, rule, rng)
    state = {"feedback": feedback, "feedback_momentum": momentum, **average.invent(network, rule, rng)}
    return state, {"perturbation": perturbation}


def learn(network, rule, state, draws):
    estimates, traces = estimate.estimate_of(network, rule, draws)
    means = average.means(estimates, state, rule)
    feedback, momentum = {}, {}
    for l, b in state["feedback"].items():
        v = state.get("feedback_momentum", {}).get(l, np.zeros_like(b))
        for _ in range(rule["align_steps"]):
            b, v = align(b, v, means.get(l, estimates[l]), rule)
        feedback[l], momentum[l] = b, v
    result = carried(network, network.e, feedback)
    result.update(jacobian_estimate=estimates, feedback=feedback, feedback_momentum=momentum, traces=traces)
    if means:
        result["jacobian_average"] = means
    return result


def align(matrix, momentum, estimate_, rule):
    """§3, step 4, of one B and V: a column at a time."""
    b, v = matrix.copy(), momentum.copy()
    for k in range(b.shape[1]):
        j, old = estimate_[:, k], matrix[:, k]
        size_j, size_b = np.linalg.norm(j), np.linalg.norm(old)
        if size_j == 0 or size_b == 0:
            continue
        g = -(j / (size_b * size_j) - (old @ j) * old / (size_b**3 * size_j))
        if rule["reduction"] == "mean":
            g = g / b.shape[1]
        v[:, k] = rule["align_momentum"] * v[:, k] + g
        b[:, k] = old - rule["align_rate"] * v[:, k]
        if rule["norm"] == "column":
            b[:, k] /= np.linalg.norm(b[:, k])
        if rule["norm"] == "jacobian":  # the first step, whose running norm is ‖j‖ itself
            b[:, k] *= size_j / np.linalg.norm(b[:, k])
    if rule["norm"] == "frobenius":
        b *= np.linalg.norm(matrix) / np.linalg.norm(b)
    return b, v
