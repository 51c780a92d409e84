// A segment of one linear layer, followed only by what acts on each feature separately: the ones
// whose numbers a person can work out. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <optional>
#include <string>

#include "engine/nn/network.h"

namespace grapevine {

/// All on the host, float64.
struct PlainSegment {
  int weight_slot = -1, bias_slot = -1;
  at::Tensor weight, bias;  ///< out×in, out; the bias is zero where there is none
  at::Tensor input;         ///< N×in
  at::Tensor slope;  ///< N×out: what the activation multiplies a small change by; 1 where there is none
  std::string activation;  ///< "relu"; "" = none
};

/// Of segment l (from 1) as its forward pass left it; nothing where it is made of other things.
std::optional<PlainSegment> read_plain_segment(const Network& network, int l, NetworkTape& tape);

}  // namespace grapevine
