"""Feedback alignment: linear and conv layers send errors back through a fixed R (learning-rules §2)."""

from .. import inventing
from ..adjoints import backpropagate


def invent(network, rule, rng):
    return {"transport": inventing.transport(network, rng)}, {}


def learn(network, rule, state, draws):
    signals, gradients = backpropagate(network, state["transport"])
    return {"signals": signals, "gradients": gradients}
