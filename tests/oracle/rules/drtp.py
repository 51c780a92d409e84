"""Direct random target projection: δ_l = (1/N)·onehot(y) B_l (learning-rules §2)."""

from .dfa import carried, invent


def learn(network, rule, state, draws):
    return carried(network, network.onehot / network.samples, state["feedback"])
