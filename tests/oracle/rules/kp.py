"""Kolen–Pollack: fa; after the step R ← λR + ΔW with ΔW = −lr·G, plain SGD's (learning-rules §2)."""

from .fa import invent, learn as by_fa

SETTINGS = {"decay": 0.999, "lr": 0.1}


def learn(network, rule, state, draws):
    result = by_fa(network, rule, state, draws)
    result["transport"] = {
        path: rule["decay"] * r - rule["lr"] * result["gradients"][f"{path}.weight"]
        for path, r in state["transport"].items()
    }
    return result
