"""PEPITA: a second forward pass on x − (N·e)Fᵀ; G_l = (h_l − h_l^err)ᵀ h_{l−1}^err / N, the last layer's
eᵀ h_{S−1}^err. With `mirror` F is the product of factors that mirror their layers (learning-rules §2)."""

from functools import reduce

import numpy as np

from .. import draws as generator
from .. import inventing

NETWORK = "mlp"
SETTINGS = {"mirror": False, "mirror_rate": 0.1, "lr": None}


def invent(network, rule, rng):
    if not rule["mirror"]:
        return {"projection": inventing.numbers(rng, (network.rows(0).shape[1], network.classes), 0.3)}, {}
    factors = {l: inventing.numbers(rng, w.T.shape, 0.5) for l, w in weights(network).items()}
    return {"projection": product(factors), "projection_factor": factors}, {}


def learn(network, rule, state, draws):
    samples, last = network.samples, network.count
    error = [network.h[0] - samples * network.e @ state["projection"].T]
    for l in range(1, last + 1):
        error.append(network.linearised(l, error[l - 1]).output)
    gradients = {}
    for l in range(1, last + 1):
        change = network.e if l == last else (network.h[l] - error[l]) / samples
        gradients[f"{l}.0.weight"] = change.T @ error[l - 1]
        if f"{l}.0.bias" in network.parameters:
            gradients[f"{l}.0.bias"] = change.sum(axis=0)
    result = {"gradients": gradients}
    if rule["mirror"]:
        result.update(mirrored(network, rule, state["projection_factor"], gradients))
    return result


def mirrored(network, rule, factors, gradients):
    """F_l ← F_l + η_m/N·xᵀy, y = W x with the new W; then F has its old spread again, and each factor its share."""
    moved = {}
    for l, weight in weights(network).items():
        new_weight = weight - rule["lr"] * gradients[f"{l}.0.weight"]
        key = generator.below(generator.key_of("mirror"), l)
        x = 0.1 * generator.normals(key, (network.samples, weight.shape[1]))
        moved[l] = factors[l] + rule["mirror_rate"] / network.samples * x.T @ (x @ new_weight.T)
    ratio = 0.05 * np.sqrt(2 / moved[1].shape[0]) / product(moved).std()
    factors = {l: factor * ratio ** (1 / network.count) for l, factor in moved.items()}
    return {"projection": ratio * product(moved), "projection_factor": factors}


def weights(network):
    return {l: network.parameters[f"{l}.0.weight"] for l in range(1, network.count + 1)}


def product(factors):
    return reduce(np.matmul, (factors[l] for l in sorted(factors)))
