"""The oracle itself: its derivatives against differences, identities of learning-rules §8, and that it notices a
wrong number."""

import copy
import json
import unittest

import numpy as np

from oracle.adjoints import backpropagate, local_gradients
from oracle.check import check
from oracle.example import Example, text
from oracle.inventing import numbers
from oracle.make import make
from oracle.network import Network, linearise, parameter_shapes
from oracle.networks import NETWORKS
from oracle.registry import rule_keys
from oracle.rules.local import local_loss


def random_network(name, seed=0, samples=3):
    rng = np.random.default_rng(seed)
    description = NETWORKS[name]
    shapes = parameter_shapes(description["segments"])
    parameters = {key: numbers(rng, shape, 0.5) for key, shape in shapes.items()}
    x = rng.standard_normal((samples, *description["input"]))
    return Network(description, parameters, x, [0, 1, 2][:samples])


def read_back(document):
    return Example(json.loads(text(document)))


class TestOracle(unittest.TestCase):
    def test_jacobians_are_the_slopes_of_central_differences(self):
        step = 1e-6
        for name in NETWORKS:
            network = random_network(name)
            for l in range(1, network.count + 1):
                h, segment = network.h[l - 1], network.map(l)
                direction = np.random.default_rng(l).standard_normal(h.shape)
                outputs = [network.linearised(l, h + way * step * direction).output for way in (1, -1)]
                slope = (outputs[0] - outputs[1]) / (2 * step)
                tangent = segment.by_input @ direction.ravel()
                np.testing.assert_allclose(tangent, slope.ravel(), rtol=1e-5, atol=1e-8, err_msg=name)
                for key in segment.by_parameter:
                    self.assert_slope(network, l, key, step)

    def assert_slope(self, network, l, key, step):
        value = network.parameters[key]
        direction = np.random.default_rng(l).standard_normal(value.shape)
        outputs = []
        for way in (1, -1):
            moved = {**network.parameters, key: value + way * step * direction}
            outputs.append(
                linearise(network.segments[l - 1], f"{l}.", network.h[l - 1], moved, {}, False).output
            )
        slope = (outputs[0] - outputs[1]) / (2 * step)
        tangent = network.map(l).by_parameter[key] @ direction.ravel()
        np.testing.assert_allclose(tangent, slope.ravel(), rtol=1e-5, atol=1e-8, err_msg=key)

    def test_backpropagation_is_the_losss_slope(self):
        network = random_network("cnn")
        _, gradients = backpropagate(network)
        key, step = "1.0.weight", 1e-6
        direction = np.random.default_rng(5).standard_normal(gradients[key].shape)
        losses = [
            Network(
                NETWORKS["cnn"],
                {**network.parameters, key: network.parameters[key] + way * step * direction},
                network.h[0],
                network.y,
            ).loss
            for way in (1, -1)
        ]
        self.assertAlmostEqual((gradients[key] * direction).sum(), (losses[0] - losses[1]) / (2 * step), 8)

    def test_the_weights_as_transport_and_exact_signals_are_backpropagation(self):
        network = random_network("residual")
        signals, exact = backpropagate(network)
        weights = {path: network.parameters[f"{path}.weight"] for path in network.transported()}
        for other in (backpropagate(network, weights)[1], local_gradients(network, signals)):
            for key, gradient in exact.items():
                np.testing.assert_allclose(other[key], gradient, atol=1e-14)

    def test_local_losses_look_at_similarities_and_the_decoder(self):
        rng = np.random.default_rng(1)
        h, onehot = rng.standard_normal((4, 3)), np.eye(3)[[0, 1, 2, 0]]
        decoder = rng.standard_normal((3, 3))
        correlations = [np.corrcoef(rows) for rows in (h, onehot)]
        matching = ((correlations[0] - correlations[1]) ** 2).mean()
        probability = np.exp(h @ decoder.T)[np.arange(4), [0, 1, 2, 0]] / np.exp(h @ decoder.T).sum(axis=1)
        wanted = 0.7 * matching - 0.3 * np.log(probability).mean()
        self.assertAlmostEqual(local_loss(h, decoder, onehot, 0.7), wanted, 12)

    def test_every_rule_makes_an_example_that_it_confirms(self):
        for key in rule_keys():
            with self.subTest(rule=key):
                quantity, error = check(read_back(make(key, seed=2, samples=3)))
                self.assertLess(error, 1e-13, quantity)

    def test_a_wrong_number_is_noticed_wherever_it_stands(self):
        document = json.loads(text(make("grape", settings={"trace": "per_layer"}, samples=3)))
        for place in places(document["expect"]):
            damaged = copy.deepcopy(document)
            entry = damaged["expect"]
            for key in place[:-1]:
                entry = entry[key]
            entry[place[-1]] += 1e-3
            _, error = check(Example(damaged))
            self.assertGreater(error, 1e-9, place)

    def test_what_the_oracle_does_not_know_is_refused(self):
        document = json.loads(text(make("dfa", samples=3)))
        for path, value in ((("rule", "structure"), "low_rank"), (("expect", "transport"), {"2.0": 1}),
                            (("rule", "key"), "dfb"), (("format",), 2)):
            damaged = copy.deepcopy(document)
            entry = damaged
            for key in path[:-1]:
                entry = entry[key]
            entry[path[-1]] = value
            with self.subTest(path=path), self.assertRaises(Exception):
                check(Example(damaged))


def places(value, before=()):
    """The way to one number of every expected quantity."""
    if isinstance(value, dict):
        if value.keys() == {"shape", "data"}:
            yield (*before, "data", len(value["data"]) // 2)
            return
        for key, entry in value.items():
            yield from places(entry, (*before, key))
    else:
        yield before


if __name__ == "__main__":
    unittest.main()
