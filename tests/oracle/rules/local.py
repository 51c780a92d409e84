"""Local losses: each segment but the last descends β‖S(h) − S(y)‖²/N² + (1−β)·CE(r(h) Dᵀ, y); the last one
learns from e (learning-rules §2). In an example the decoders D are as they start: zero."""

import numpy as np

from ..adjoints import local_gradients
from ..network import derivative

SETTINGS = {"similarity": 0.99}


def learn(network, rule, state, draws):
    signals, decoder_gradients = {}, {}
    for l in network.points:
        h = network.h[l]
        decoder = np.zeros((network.classes, h.shape[1]))

        def loss(h=h, decoder=decoder):
            return local_loss(h, decoder, network.onehot, rule["similarity"])

        signals[l] = derivative(lambda moved: loss(h=moved), h).reshape(h.shape)
        decoder_gradients[l] = derivative(lambda moved: loss(decoder=moved), decoder).reshape(decoder.shape)
    gradients = local_gradients(network, signals)
    return {"signals": signals, "gradients": gradients, "feedback_gradient": decoder_gradients}


def local_loss(h, decoder, onehot, beta):
    matching = ((similarity(spread(h)) - similarity(onehot)) ** 2).mean()
    logits = (h if h.ndim == 2 else h.mean(axis=(2, 3))) @ decoder.T
    log_softmax = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return beta * matching - (1 - beta) * (log_softmax * onehot).sum(axis=1).mean()


def spread(h):
    """What samples are compared by: h itself, of maps each channel's standard deviation over its pixels."""
    if h.ndim == 2:
        return h
    pixels = h.reshape(*h.shape[:2], -1)
    squares = (pixels - pixels.mean(axis=2, keepdims=True)) ** 2
    return root(squares.sum(axis=2) / (pixels.shape[2] - 1))


def similarity(features):
    """Cosines between samples, each centred over its features."""
    centred = features - features.mean(axis=1, keepdims=True)
    length = root((centred**2).sum(axis=1, keepdims=True))
    unit = centred / np.where(length.real > 0, length, 1)
    return unit @ unit.T


def root(square):
    """√, without a slope at 0, where it has a kink: what has no spread is similar to nothing, learns nothing."""
    return np.sqrt(np.where(square.real != 0, square, 0))
