"""Backpropagation: δ_l = (∂h_{l+1}/∂h_l)ᵀ δ_{l+1} (learning-rules §2)."""

from ..adjoints import backpropagate


def learn(network, rule, state, draws):
    signals, gradients = backpropagate(network)
    return {"signals": signals, "gradients": gradients}
