"""Batchwise random-magnitude sign-concordant feedback: frsf, M drawn in the step (learning-rules §2)."""

from .. import inventing
from .frsf import with_magnitude


def invent(network, rule, rng):
    return {}, {"magnitude": inventing.transport(network, rng)}


def learn(network, rule, state, draws):
    return with_magnitude(network, draws["magnitude"])
