// Direct feedback matrices B_l, C×n_l: row = class, column = one hidden feature; what is held of them are the
// values of structure.h, which are B_l itself where it is dense. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "engine/feedback/feedback_init.h"
#include "engine/feedback/structure.h"
#include "engine/nn/network.h"

namespace grapevine {

/// Fills one matrix, C×n: normal N(0,1), uniform U(±1/√n) (Nøkland 2016), kaiming N(0, 2/C), xavier
/// U(±√(6/(C+n))), zero.
void initialise_feedback(at::Tensor& b, FeedbackInit scheme, RandomKey key);
/// Fills a tensor of any shape with such a matrix's entries.
void initialise_feedback(at::Tensor& b, FeedbackInit scheme, RandomKey key, double classes, double n);
/// One per feedback point.
std::vector<FeedbackStructure> make_structures(const Network& network, const StructureSettings& settings,
                                               std::int64_t seed);
/// √(6/(fan_in + fan_out)) of a weight's fans.
double xavier_bound(const ParameterInfo& weight);
/// U(±xavier_bound): how transports and their magnitudes start.
void fill_xavier(at::Tensor& out, const ParameterInfo& weight, RandomKey key);
/// N(0, 1/(fan_in + fan_out)): how transports start that learn W.
void fill_normal_by_fans(at::Tensor& out, const ParameterInfo& weight, RandomKey key);
/// Values, one per feedback point; without `structures` all are dense. With `shared` all are slices of one
/// matrix as wide as the widest point (Launay 2020).
std::vector<at::Tensor> make_feedback(const Network& network, FeedbackInit scheme, bool shared,
                                      std::int64_t seed,
                                      const std::vector<FeedbackStructure>& structures = {});
/// The values of one matrix, drawn.
at::Tensor draw_feedback(const FeedbackStructure& structure, FeedbackInit scheme, std::int64_t classes,
                         std::int64_t features, RandomKey key, const at::TensorOptions& options);
/// Divides each column by its norm; a zero column stays zero. On values it does to the columns of B what it
/// does to a dense one's.
void normalise_columns(at::Tensor& b);

}  // namespace grapevine
