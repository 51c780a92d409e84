"""Weight-perturbed forward gradient: G = (∇L·v) v, ∇L·v = Σ e ⊙ ż (learning-rules §2)."""

import numpy as np

from .. import inventing


def invent(network, rule, rng):
    direction = {name: inventing.numbers(rng, value.shape) for name, value in network.parameters.items()}
    return {}, {"parameter_direction": direction}


def learn(network, rule, state, draws):
    v = draws["parameter_direction"]
    t = np.zeros(network.h[0].size)
    for l in range(1, network.count + 1):
        segment = network.map(l)
        moved = sum(matrix @ v[name].ravel() for name, matrix in segment.by_parameter.items())
        t = segment.by_input @ t + moved
    slope = network.e.ravel() @ t
    return {"gradients": {name: slope * direction for name, direction in v.items()}}
