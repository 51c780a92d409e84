"""A network on one batch: what comes out, the loss, and dense Jacobians of everything (learning-rules §1).

A Jacobian here is one matrix for the whole batch, (numbers out)×(numbers in): samples that a batch norm couples
need no special care, and every product of the learning rules is a product of such matrices.
"""

from dataclasses import dataclass

import numpy as np

from . import layers

TINY = 1e-30


class Unknown(Exception):
    """The example asks for something that the oracle does not compute."""


def derivative(function, at):
    """The Jacobian of `function` at a real array, a column an entry, by the complex step: Im f(a + iε)/ε is
    f'(a) to the last digit, as no two near numbers are subtracted."""
    columns = []
    for k in range(at.size):
        moved = at.astype(complex)
        moved.flat[k] += 1j * TINY
        columns.append(function(moved).imag.ravel() / TINY)
    return np.stack(columns, axis=1)


@dataclass
class Linearised:
    """Some layers at their input: the output, its Jacobians by the input and by each parameter, and what each
    layer with parameters got as its input."""

    output: np.ndarray
    by_input: np.ndarray
    by_parameter: dict
    inputs: dict

    def followed_by(self, above):
        below = {name: above.by_input @ matrix for name, matrix in self.by_parameter.items()}
        return Linearised(
            above.output,
            above.by_input @ self.by_input,
            {**below, **above.by_parameter},
            {**self.inputs, **above.inputs},
        )

    def beside(self, other):
        return Linearised(
            self.output + other.output,
            self.by_input + other.by_input,
            {**self.by_parameter, **other.by_parameter},
            {**self.inputs, **other.inputs},
        )


def linearise_layer(layer, path, h, parameters, transport, held):
    if layer["type"] == "residual":
        body, shortcut = (
            linearise(layer.get(name, []), f"{path}.{name}.", h, parameters, transport, held)
            for name in ("body", "shortcut")
        )
        return body.beside(shortcut)
    if layer["type"] not in layers.FORWARD:
        raise Unknown(f"layer {path}: the oracle has no layer '{layer['type']}'")
    forward = layers.FORWARD[layer["type"]]
    own = {name: parameters[f"{path}.{name}"] for name in layers.parameter_shapes(layer)}
    # An error goes back through the transport, where there is one, in the weight's place.
    back = {**own, "weight": transport[path]} if path in transport else own
    return Linearised(
        forward(layer, own, h, held).real,
        derivative(lambda moved: forward(layer, back, moved, held), h),
        {
            f"{path}.{name}": derivative(
                lambda moved, name=name: forward(layer, {**own, name: moved}, h, held), value
            )
            for name, value in own.items()
        },
        {path: h} if own else {},
    )


def linearise(chain, prefix, h, parameters, transport, held):
    """A list of layers; an empty one is the identity."""
    whole = Linearised(h, np.eye(h.size), {}, {})
    for i, layer in enumerate(chain):
        path = f"{prefix}{i}"
        whole = whole.followed_by(
            linearise_layer(layer, path, whole.output, parameters, transport, held)
        )
    return whole


class Network:
    """Segments and points are numbered from 1, as in the examples' keys."""

    def __init__(self, description, parameters, x, y):
        self.segments = description["segments"]
        self.parameters = parameters
        self.y = np.array(y)
        self.samples = len(y)
        self.h = [x]
        self._maps = {}
        for l in range(1, self.count + 1):
            self.h.append(self.map(l).output)
        z = self.h[-1]
        self.classes = z.shape[1]
        self.onehot = np.eye(self.classes)[self.y]
        # §1: the mean of the softmax cross-entropy, and e = ∂L/∂z, which holds the 1/N.
        shifted = z - z.max(axis=1, keepdims=True)
        softmax = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
        self.loss = -np.log((softmax * self.onehot).sum(axis=1)).mean()
        self.e = (softmax - self.onehot) / self.samples

    @property
    def count(self):
        return len(self.segments)

    @property
    def points(self):
        return range(1, self.count)

    def features(self, point):
        return self.h[point].size // self.samples

    def rows(self, point):
        """h_l as N×n_l; h_0 is x."""
        return self.h[point].reshape(self.samples, -1)

    def map(self, l, transport=None, held=False):
        """Segment l at its input on this batch."""
        if transport:
            return self.linearised(l, self.h[l - 1], transport)
        if (l, held) not in self._maps:
            self._maps[l, held] = self.linearised(l, self.h[l - 1], {}, held)
        return self._maps[l, held]

    def linearised(self, l, h, transport=None, held=False):
        """Segment l at any input."""
        return linearise(self.segments[l - 1], f"{l}.", h, self.parameters, transport or {}, held)

    def mean_jacobian(self, point):
        """J̄_l, C×n_l, with a batch norm's statistics held constant (§1)."""
        whole = np.eye(self.h[point].size)
        for l in range(point + 1, self.count + 1):
            whole = self.map(l, held=True).by_input @ whole
        by_sample = whole.reshape(self.samples, self.classes, self.samples, -1)
        return by_sample.sum(axis=(0, 2)) / self.samples

    def weights(self):
        """Every linear and conv layer: path, description, and whether a parameter lies before it (§2)."""
        found = []
        walk(self.segments, found)
        return found

    def transported(self):
        """Those that send an error back, by path."""
        return {path: layer for path, layer, parameters_before in self.weights() if parameters_before}


def walk(segments, found):
    before = False
    for l, segment in enumerate(segments, 1):
        before = walk_chain(segment, f"{l}.", before, found)


def walk_chain(chain, prefix, before, found):
    """Lists the weights of a chain; tells whether a parameter lies before what follows it."""
    for i, layer in enumerate(chain):
        path = f"{prefix}{i}"
        if layer["type"] == "residual":
            branches = [
                walk_chain(layer.get(name, []), f"{path}.{name}.", before, found)
                for name in ("body", "shortcut")
            ]
            before = any(branches)
            continue
        if layer["type"] in ("linear", "conv2d"):
            found.append((path, layer, before))
        before = before or bool(layers.parameter_shapes(layer))
    return before


def parameter_shapes(segments):
    """Every parameter's shape by its key, in the network's order: weight before bias, body before shortcut."""

    def of_chain(chain, prefix):
        shapes = {}
        for i, layer in enumerate(chain):
            path = f"{prefix}{i}"
            for branch in ("body", "shortcut"):
                shapes.update(of_chain(layer.get(branch, []), f"{path}.{branch}."))
            own = layers.parameter_shapes(layer)
            shapes.update({f"{path}.{name}": shape for name, shape in own.items()})
        return shapes

    return {key: shape for l, s in enumerate(segments, 1) for key, shape in of_chain(s, f"{l}.").items()}
