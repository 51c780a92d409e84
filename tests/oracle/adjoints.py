"""How errors become gradients: across segments, or inside each by itself (learning-rules §1)."""


def backpropagate(network, transport=None):
    """δ_l from e down, through W or what stands in its place. Signals by point, gradients by parameter."""
    signals, gradients = {}, {}
    delta = network.e.ravel()
    for l in range(network.count, 0, -1):
        segment = network.map(l, transport)
        gradients.update(parameter_gradients(network, segment, delta))
        delta = segment.by_input.T @ delta
        if l > 1:
            signals[l - 1] = delta.reshape(network.h[l - 1].shape)
    return signals, gradients


def local_gradients(network, signals):
    """Each segment by its own exact adjoint, from its signal; the last one from e."""
    gradients = {}
    for l in range(1, network.count + 1):
        delta = network.e if l == network.count else signals[l]
        gradients.update(parameter_gradients(network, network.map(l), delta.ravel()))
    return gradients


def parameter_gradients(network, segment, delta):
    return {
        name: (matrix.T @ delta).reshape(network.parameters[name].shape)
        for name, matrix in segment.by_parameter.items()
    }


def direct_signals(network, carrier, feedback):
    """δ_l = (N×C)·B_l (§2), shaped like h_l."""
    return {l: (carrier @ b).reshape(network.h[l].shape) for l, b in feedback.items()}
