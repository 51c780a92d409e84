"""The layers' forward maps, as plain as they can be written; nothing here knows a derivative.

Arrays have the batch axis first. They may be complex: network.py takes derivatives by moving an input along
the imaginary axis, so every map must be the formula itself, without abs(), conj() or a comparison of anything
but real parts. `held` keeps a batch norm's statistics constant (learning-rules §1).
"""

import math

import numpy as np


def linear(layer, own, h, held):
    return h @ own["weight"].T + own.get("bias", 0)


def conv2d(layer, own, h, held):
    kernel, stride, padding = layer["kernel"], layer.get("stride", 1), layer.get("padding", 0)
    h = np.pad(h, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    y = 0
    for i in range(kernel):
        for j in range(kernel):
            pixels = shifted(h, i, j, kernel, stride)
            y = y + np.einsum("ncij,oc->noij", pixels, own["weight"][:, :, i, j])
    return y + own["bias"][:, None, None] if "bias" in own else y


def batch_norm2d(layer, own, h, held):
    seen = h.real if held else h
    mean = seen.mean(axis=(0, 2, 3), keepdims=True)
    variance = ((seen - mean) ** 2).mean(axis=(0, 2, 3), keepdims=True)
    scaled = (h - mean) / np.sqrt(variance + layer.get("eps", 1e-5))
    return own["weight"][:, None, None] * scaled + own["bias"][:, None, None]


def layer_norm(layer, own, h, held):
    mean = h.mean(axis=-1, keepdims=True)
    variance = ((h - mean) ** 2).mean(axis=-1, keepdims=True)
    return own["weight"] * (h - mean) / np.sqrt(variance + layer.get("eps", 1e-5)) + own["bias"]


def rms_norm(layer, own, h, held):
    features = tuple(range(1, h.ndim))
    return h / np.sqrt((h**2).mean(axis=features, keepdims=True) + layer.get("eps", 1e-5))


def relu(layer, own, h, held):
    return h * (h.real > 0)


def tanh(layer, own, h, held):
    return np.tanh(h)


def sigmoid(layer, own, h, held):
    return 1 / (1 + np.exp(-h))


def gelu(layer, own, h, held):
    # h Φ(h). erf takes real numbers only: for the tiny imaginary part Φ's slope, the normal density, serves.
    below = (1 + np.vectorize(math.erf)(h.real / math.sqrt(2))) / 2
    density = np.exp(-(h.real**2) / 2) / math.sqrt(2 * math.pi)
    return h * (below + 1j * h.imag * density)


def max_pool2d(layer, own, h, held):
    windows = windows_of(layer, h)
    return np.take_along_axis(windows, windows.real.argmax(axis=0)[None], axis=0)[0]


def avg_pool2d(layer, own, h, held):
    return windows_of(layer, h).mean(axis=0)


def subsample_pad(layer, own, h, held):
    stride = layer.get("stride", 1)
    new_channels = layer["out"] - h.shape[1]
    return np.pad(h[:, :, ::stride, ::stride], ((0, 0), (0, new_channels), (0, 0), (0, 0)))


def flatten(layer, own, h, held):
    return h.reshape(len(h), -1)


def shifted(h, i, j, kernel, stride):
    """The pixel (i, j) of every window."""
    rows, columns = ((size - kernel) // stride for size in h.shape[2:])
    return h[:, :, i : i + stride * rows + 1 : stride, j : j + stride * columns + 1 : stride]


def windows_of(layer, h):
    kernel = layer["kernel"]
    stride = layer.get("stride", kernel)
    return np.stack([shifted(h, i, j, kernel, stride) for i in range(kernel) for j in range(kernel)])


FORWARD = {
    f.__name__: f
    for f in (linear, conv2d, batch_norm2d, layer_norm, rms_norm, relu, tanh, sigmoid, gelu,
              max_pool2d, avg_pool2d, subsample_pad, flatten)
}


def parameter_shapes(layer):
    """The shapes of a layer's own parameters, in their order."""
    kind = layer["type"]
    if kind in ("batch_norm2d", "layer_norm"):
        return {"weight": (layer["features"],), "bias": (layer["features"],)}
    if kind not in ("linear", "conv2d"):
        return {}
    square = (layer["kernel"],) * 2 if kind == "conv2d" else ()
    shapes = {"weight": (layer["out"], layer["in"], *square)}
    if layer.get("bias", True):
        shapes["bias"] = (layer["out"],)
    return shapes
