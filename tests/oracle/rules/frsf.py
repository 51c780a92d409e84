"""Fixed random-magnitude sign-concordant feedback: R = |M| ⊙ sign(W), M fixed (learning-rules §2)."""

import numpy as np

from .. import inventing
from ..adjoints import backpropagate


def invent(network, rule, rng):
    return {"magnitude": inventing.transport(network, rng)}, {}


def learn(network, rule, state, draws):
    return with_magnitude(network, state["magnitude"])


def with_magnitude(network, magnitude):
    transport = {
        path: np.abs(m) * np.sign(inventing.weight_of(network, path)) for path, m in magnitude.items()
    }
    signals, gradients = backpropagate(network, transport)
    return {"signals": signals, "gradients": gradients}
