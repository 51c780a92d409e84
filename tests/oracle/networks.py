"""Small networks for new examples: every layer that the oracle knows is in one of them."""


def linear(inputs, outputs):
    return {"type": "linear", "in": inputs, "out": outputs, "bias": True}


def conv2d(inputs, outputs, kernel=3, stride=1, padding=1, bias=True):
    return {"type": "conv2d", "in": inputs, "out": outputs, "kernel": kernel, "stride": stride,
            "padding": padding, "bias": bias}


def batch_norm2d(features):
    return {"type": "batch_norm2d", "features": features, "eps": 1e-5}


RELU, TANH, GELU, SIGMOID, FLATTEN = ({"type": t} for t in ("relu", "tanh", "gelu", "sigmoid", "flatten"))
LAYER_NORM = {"type": "layer_norm", "features": 7, "eps": 1e-5}
RMS_NORM = {"type": "rms_norm", "eps": 1e-5}
MAX_POOL = {"type": "max_pool2d", "kernel": 2, "stride": 2}
AVG_POOL = {"type": "avg_pool2d", "kernel": 3, "stride": 3}

NETWORKS = {
    "mlp": {"input": [5], "segments": [[linear(5, 7), TANH], [linear(7, 6), TANH], [linear(6, 4)]]},
    "gelu_mlp": {
        "input": [5],
        "segments": [[linear(5, 7), LAYER_NORM, GELU], [linear(7, 6), SIGMOID], [linear(6, 4)]],
    },
    "scaled_mlp": {
        "input": [8],
        "segments": [[linear(8, 7), RELU], [RMS_NORM, linear(7, 6), RELU], [RMS_NORM, linear(6, 4)]],
    },
    "cnn": {
        "input": [2, 6, 6],
        "segments": [
            [conv2d(2, 3, bias=False), batch_norm2d(3), RELU, MAX_POOL],
            [conv2d(3, 4, kernel=2, padding=0), TANH],
            [FLATTEN, linear(16, 3)],
        ],
    },
    "smooth_cnn": {
        "input": [2, 5, 5],
        "segments": [
            [conv2d(2, 3, bias=False), batch_norm2d(3), TANH],
            [conv2d(3, 4, kernel=2, padding=0), SIGMOID],
            [FLATTEN, linear(64, 3)],
        ],
    },
    "residual": {
        "input": [2, 6, 6],
        "segments": [
            [conv2d(2, 3), TANH],
            [
                {
                    "type": "residual",
                    "body": [conv2d(3, 4, stride=2), RELU, conv2d(4, 4)],
                    "shortcut": [{"type": "subsample_pad", "in": 3, "out": 4, "stride": 2}],
                },
                RELU,
                AVG_POOL,
            ],
            [FLATTEN, linear(4, 3)],
        ],
    },
}
