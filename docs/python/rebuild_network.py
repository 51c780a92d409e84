"""Rebuilds the network of `grapevine-cli export ID --format pt -o run.pt` in PyTorch, and asks it about images.

    python3 rebuild_network.py run.pt images.npz    # x: N×channels×height×width, bytes; y: N classes

Convolutions, linear layers, batch norm, pools and activations; other layers are a line each in `make`.
"""

import collections
import json
import sys

import numpy
import torch
from torch import nn

make = {
    "linear": lambda l: nn.Linear(l["in"], l["out"], l.get("bias", True)),
    "conv2d": lambda l: nn.Conv2d(
        l["in"], l["out"], l["kernel"], l.get("stride", 1), l.get("padding", 0), bias=l.get("bias", True)
    ),
    "batch_norm2d": lambda l: nn.BatchNorm2d(l["features"], l.get("eps", 1e-5)),
    "max_pool2d": lambda l: nn.MaxPool2d(l["kernel"], l.get("stride")),
    "avg_pool2d": lambda l: nn.AvgPool2d(l["kernel"], l.get("stride")),
    "dropout": lambda l: nn.Dropout(l["rate"]),
    "flatten": lambda l: nn.Flatten(),
    "relu": lambda l: nn.ReLU(),
    "tanh": lambda l: nn.Tanh(),
    "sigmoid": lambda l: nn.Sigmoid(),
    "gelu": lambda l: nn.GELU(),
}

state = torch.load(sys.argv[1])
about = state.pop("metadata")
segments = [nn.Sequential(*(make[l["type"]](l) for l in layers)) for layers in json.loads(about["layers"])]
network = nn.Sequential(collections.OrderedDict(segments=nn.Sequential(*segments))).eval()
network.load_state_dict({k: v for k, v in state.items() if k.startswith("segments.")}, strict=False)
mean, deviation = (torch.tensor(json.loads(about[k])).view(1, -1, 1, 1) for k in ("mean", "deviation"))
images = numpy.load(sys.argv[2])
with torch.no_grad():
    logits = network((torch.from_numpy(images["x"]).float() / 255 - mean) / deviation)
right = int((logits.argmax(1).numpy() == images["y"]).sum())
print(f"{right} of {len(logits)} right")
