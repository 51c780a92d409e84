"""The forward-mode estimate of the Jacobians (learning-rules §3, steps 2 and 3)."""

from dataclasses import dataclass

import numpy as np

SETTINGS = {"trace": "shared", "directions": 1}


@dataclass
class Trace:
    """One tangent pass: the points that were perturbed, by what (N×n_l), and what came out (N×C)."""

    perturbations: dict
    z_dot: np.ndarray


def tangent(network, perturbations):
    """t_{l+1} = J_{l+1} t_l + p_{l+1}, from zero: ż of all perturbations together."""
    t = np.zeros(network.h[1].size)
    for l in range(1, network.count + 1):
        if l > 1:
            t = network.map(l).by_input @ t
        if l in perturbations:
            t = t + perturbations[l].ravel()
    return t.reshape(network.samples, network.classes)


def traces_of(network, rule, draws):
    """One trace a direction, or one a direction and point."""
    found = []
    for p in draws["perturbation"][: rule["directions"]]:
        together = [p] if rule["trace"] == "shared" else [{l: p[l]} for l in network.points]
        found += [Trace(some, tangent(network, some)) for some in together]
    return found


def estimates_from(network, traces, directions):
    """Ĵ_l = (1/NK) Σ żᵀ p_l, C×n_l."""
    estimate = {l: np.zeros((network.classes, network.features(l))) for l in network.points}
    for trace in traces:
        for l, p in trace.perturbations.items():
            estimate[l] += trace.z_dot.T @ p / (network.samples * directions)
    return estimate


def estimate_of(network, rule, draws):
    traces = traces_of(network, rule, draws)
    return estimates_from(network, traces, rule["directions"]), traces


def invent_perturbations(network, rule, rng):
    """±1, by default the program's too."""
    return [
        {l: rng.choice([-1.0, 1.0], (network.samples, network.features(l))) for l in network.points}
        for _ in range(rule.get("directions", 1))
    ]
