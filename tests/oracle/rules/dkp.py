"""Direct Kolen–Pollack: dfa, and grad B_l = eᵀ h_l (learning-rules §2)."""

from .dfa import carried, invent


def learn(network, rule, state, draws):
    result = carried(network, network.e, state["feedback"])
    result["feedback_gradient"] = {l: network.e.T @ network.rows(l) for l in network.points}
    return result
