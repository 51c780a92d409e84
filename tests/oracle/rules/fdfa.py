"""Forward direct feedback alignment: dfa, and grad B_l = B_l − Ĵ_l (learning-rules §2)."""

from .. import estimate, inventing
from .dfa import carried

SETTINGS = estimate.SETTINGS


def invent(network, rule, rng):
    perturbation = estimate.invent_perturbations(network, rule, rng)
    return {"feedback": inventing.feedback(network, rng)}, {"perturbation": perturbation}


def learn(network, rule, state, draws):
    estimates, traces = estimate.estimate_of(network, rule, draws)
    result = carried(network, network.e, state["feedback"])
    result["jacobian_estimate"] = estimates
    result["feedback_gradient"] = {l: b - estimates[l] for l, b in state["feedback"].items()}
    result["traces"] = traces
    return result
