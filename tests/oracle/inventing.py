"""Random inputs of new examples: rounded, so that files stay small and readable."""


def numbers(rng, shape, spread=1.0):
    return (spread * rng.standard_normal(shape)).round(4)


def feedback(network, rng):
    return {l: numbers(rng, (network.classes, network.features(l))) for l in network.points}


def transport(network, rng):
    """A matrix of W's shape for every layer that sends an error back."""
    return {path: numbers(rng, weight_of(network, path).shape, 0.5) for path in network.transported()}


def weight_of(network, path):
    return network.parameters[f"{path}.weight"]
