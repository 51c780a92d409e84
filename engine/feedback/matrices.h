// Direct feedback matrices B_l, C×n_l: row = class, column = one hidden feature. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/nn/network.h"

namespace grapevine {

/// Fills one matrix: normal N(0,1), uniform U(±1/√n) (Nøkland 2016), kaiming N(0, 2/C), xavier
/// U(±√(6/(C+n))), zero.
void initialise_feedback(at::Tensor& b, const std::string& scheme, RandomKey key);
/// U(±√(6/(fan_in + fan_out))) with a weight's fans: how transports and their magnitudes start.
void fill_xavier(at::Tensor& out, const ParameterInfo& weight, RandomKey key);
/// One a feedback point. With `shared` all are slices of one matrix as wide as the widest point (Launay
/// 2020).
std::vector<at::Tensor> make_feedback(const Network& network, const std::string& scheme, bool shared,
                                      std::int64_t seed);
/// Divides each column by its norm; a zero column stays zero.
void normalise_columns(at::Tensor& b);

}  // namespace grapevine
