"""Weight mirror: fa; after the step, per layer, x = 0.1·N(0,1), y = W x with the new W, and R ← (1−λ_m)R + η_m/N
times the weight gradient that x and y give (learning-rules §2)."""

from .. import draws as generator
from ..layers import FORWARD
from ..network import derivative, parameter_shapes
from .fa import invent, learn as by_fa

SETTINGS = {"mirror_rate": 0.1, "mirror_decay": 1e-4, "lr": 0.1}


def learn(network, rule, state, draws):
    result = by_fa(network, rule, state, draws)
    number = list(parameter_shapes(network.segments)).index
    result["transport"] = {}
    for path, r in state["transport"].items():
        name = f"{path}.weight"
        shape = network.map(int(path.split(".")[0])).inputs[path].shape
        new_weight = network.parameters[name] - rule["lr"] * result["gradients"][name]
        key = generator.below(generator.key_of("mirror"), number(name))
        product = mirror_product(network.transported()[path], new_weight, key, shape)
        step = rule["mirror_rate"] / network.samples * product
        result["transport"][path] = (1 - rule["mirror_decay"]) * r + step
    return result


def mirror_product(layer, weight, key, shape):
    """The gradient of Σ y⊙(W x) by W at y = W x, for noise x through the weight alone."""
    x = 0.1 * generator.normals(key, shape)

    def through(w):
        return FORWARD[layer["type"]](layer, {"weight": w}, x, False)

    return (derivative(through, weight).T @ through(weight).ravel()).reshape(weight.shape)
