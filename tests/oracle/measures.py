"""The measures of learning-rules §6 on the step's batch: feedback after the step, parameters before it."""

import numpy as np

from .adjoints import backpropagate


def cosine(a, b):
    """Over all entries; 0 with a zero vector."""
    size = np.linalg.norm(a) * np.linalg.norm(b)
    return float((a * b).sum() / size) if size > 0 else 0.0


def mean_cosine(a, b):
    """Mean over rows."""
    return float(np.mean([cosine(one, other) for one, other in zip(a, b)]))


def sine(c):
    return np.sqrt(max(0.0, 1 - c * c))


def measure(network, result, feedback):
    """Every measure that the rule's result allows, by key, then point or segment. `feedback` is None where the
    rule has no matrices, or where the example does not tell how they are after the step."""
    found = {}

    def note(key, place, value):
        found.setdefault(key, {})[place] = float(value)

    estimate = result.get("jacobian_estimate")
    for l in network.points:
        if feedback is None and estimate is None:
            break
        jacobian = network.mean_jacobian(l)
        if feedback is not None:
            note("cos_b_j", l, cosine(feedback[l], jacobian))
            centred = (m - m.mean(axis=0) for m in (feedback[l], jacobian))
            note("cos_b_j_centred", l, cosine(*centred))
        if estimate is None:
            continue
        note("cos_jhat_j", l, cosine(estimate[l], jacobian))
        if "jacobian_average" in result:
            note("cos_average_j", l, cosine(result["jacobian_average"][l], jacobian))
        singular = np.linalg.svd(jacobian, compute_uv=False)
        factor = np.sqrt(2 / (np.pi * network.features(l)))  # eq. 4
        note("eq4_bound", l, factor * singular[0] / np.sqrt((singular**2).sum()))
        if feedback is None:
            continue
        a, b = cosine(feedback[l], estimate[l]), cosine(estimate[l], jacobian)
        note("cos_b_jhat", l, mean_cosine(feedback[l].T, estimate[l].T))
        note("cos_b_jhat_frobenius", l, a)
        note("lemma_b2_bound", l, a * b - sine(a) * sine(b))
        own = [trace for trace in result["traces"] if list(trace.perturbations) == [l]]
        if own:
            arrived = np.concatenate([t.z_dot for t in own])
            predicted = np.concatenate([t.perturbations[l] @ feedback[l].T for t in own])
            note("c_hat", l, cosine(arrived, predicted))

    exact_signals, exact_gradients = backpropagate(network)
    for l, signal in result.get("signals", {}).items():
        pair = (s.reshape(network.samples, -1) for s in (signal, exact_signals[l]))
        note("cos_delta", l, mean_cosine(*pair))
    for l in range(1, network.count + 1):
        names = [name for name in exact_gradients if name.startswith(f"{l}.")]
        pair = ([g[name].ravel() for name in names] for g in (result["gradients"], exact_gradients))
        note("cos_update", l, cosine(*map(np.concatenate, pair)) if names else 0)
    return found
