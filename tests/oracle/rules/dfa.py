"""Direct feedback alignment: δ_l = e B_l, B_l fixed (learning-rules §2)."""

from .. import inventing
from ..adjoints import direct_signals, local_gradients


def invent(network, rule, rng):
    return {"feedback": inventing.feedback(network, rng)}, {}


def learn(network, rule, state, draws):
    return carried(network, network.e, state["feedback"])


def carried(network, carrier, feedback):
    """What every direct rule does with its matrices."""
    signals = direct_signals(network, carrier, feedback)
    return {"signals": signals, "gradients": local_gradients(network, signals)}
