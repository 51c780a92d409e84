"""Uniform sign-concordant feedback: R = s·sign(W), s = √(2/(fan_in + fan_out)) (learning-rules §2)."""

import numpy as np

from ..adjoints import backpropagate
from ..inventing import weight_of


def scale(layer):
    taps = layer.get("kernel", 1) ** 2
    return np.sqrt(2 / ((layer["in"] + layer["out"]) * taps))


def learn(network, rule, state, draws):
    transport = {
        path: scale(layer) * np.sign(weight_of(network, path))
        for path, layer in network.transported().items()
    }
    signals, gradients = backpropagate(network, transport)
    return {"signals": signals, "gradients": gradients}
