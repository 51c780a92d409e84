"""PEPITA: a second forward pass on x − (N·e)Fᵀ; G_l = (h_l − h_l^err)ᵀ h_{l−1}^err / N, the last layer's
eᵀ h_{S−1}^err (learning-rules §2)."""

from .. import inventing

NETWORK = "mlp"


def invent(network, rule, rng):
    inputs = network.h[0][0].size
    return {"projection": inventing.numbers(rng, (inputs, network.classes), 0.3)}, {}


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
    return {"gradients": gradients}
