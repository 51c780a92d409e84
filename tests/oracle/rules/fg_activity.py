"""Activity-perturbed forward gradient: δ_{l,n} = ⟨e_n, ż_n⟩ p_{l,n}, one shared trace (learning-rules §2)."""

from .. import estimate
from ..adjoints import local_gradients


def invent(network, rule, rng):
    return {}, {"perturbation": estimate.invent_perturbations(network, rule, rng)}


def learn(network, rule, state, draws):
    p = draws["perturbation"][0]
    slope = (network.e * estimate.tangent(network, p)).sum(axis=1, keepdims=True)
    signals = {l: (slope * p[l]).reshape(network.h[l].shape) for l in network.points}
    return {"signals": signals, "gradients": local_gradients(network, signals)}
