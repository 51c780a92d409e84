"""Forward–Forward: each hidden segment descends softplus(θ − g⁺) + softplus(g⁻ − θ), g = mean h², by itself; the
last one learns from e (learning-rules §2)."""

import numpy as np

from .. import draws as generator
from ..adjoints import parameter_gradients
from ..network import derivative

NETWORK = "scaled_mlp"
SETTINGS = {"threshold": 2}


def learn(network, rule, state, draws):
    last = network.count
    gradients = parameter_gradients(network, network.map(last), network.e.ravel())
    h = labelled(network)
    for l in range(1, last):
        segment = network.linearised(l, h)
        h = segment.output
        slope = derivative(lambda moved: segment_loss(moved, rule["threshold"]), h)
        gradients.update(parameter_gradients(network, segment, slope.ravel()))
    return {"gradients": gradients}


def segment_loss(h, threshold):
    """(1/N) Σ softplus(θ − g⁺) + softplus(g⁻ − θ); positives are the upper half of h."""
    positive, negative = np.split((h**2).mean(axis=1), 2)
    return (np.log(1 + np.exp(threshold - positive)) + np.log(1 + np.exp(negative - threshold))).mean()


def labelled(network):
    """[x⁺; x⁻]: the label in the first C inputs, as bright as the brightest input; in x⁻ a wrong one."""
    x, classes = network.h[0], network.classes
    uniforms = generator.uniforms(generator.key_of("negatives"), network.samples)
    wrong = (network.y + np.floor(1 + (classes - 1) * uniforms).astype(int)) % classes
    both = np.concatenate([x, x])
    both[:, :classes] = x.max() * np.eye(classes)[np.concatenate([network.y, wrong])]
    return both
