"""GrAPE by the 2025 text's eq. 6: B ← B − η(1 − cos_F(B, Ĵ))·B, then its old norm (learning-rules §2)."""

import numpy as np

from .. import estimate
from ..measures import cosine
from .dfa import carried
from .fdfa import invent

SETTINGS = {**estimate.SETTINGS, "align_rate": 1e-3}


def learn(network, rule, state, draws):
    estimates, traces = estimate.estimate_of(network, rule, draws)
    feedback = {}
    for l, b in state["feedback"].items():
        moved = b - rule["align_rate"] * (1 - cosine(b, estimates[l])) * b
        feedback[l] = moved * np.linalg.norm(b) / np.linalg.norm(moved)
    result = carried(network, network.e, feedback)
    result.update(jacobian_estimate=estimates, feedback=feedback, traces=traces)
    return result
