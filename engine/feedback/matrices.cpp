#include "engine/feedback/matrices.h"

#include <algorithm>
#include <cmath>

namespace grapevine {
namespace {

constexpr std::uint64_t basis_word = ~std::uint64_t{0};  ///< no feedback point has this number

}  // namespace

void initialise_feedback(at::Tensor& b, FeedbackInit scheme, RandomKey key) {
  initialise_feedback(b, scheme, key, static_cast<double>(b.size(0)), static_cast<double>(b.size(1)));
}

void initialise_feedback(at::Tensor& b, FeedbackInit scheme, RandomKey key, double classes, double n) {
  switch (scheme) {
    case FeedbackInit::normal:
      fill_gaussian(b, key);
      return;
    case FeedbackInit::uniform:
      fill_uniform(b, key, -1 / std::sqrt(n), 1 / std::sqrt(n));
      return;
    case FeedbackInit::kaiming:
      // The signal is e B: a matrix from C numbers to n.
      fill_gaussian(b, key);
      b.mul_(std::sqrt(2 / classes));
      return;
    case FeedbackInit::xavier: {
      const double bound = std::sqrt(6 / (classes + n));
      fill_uniform(b, key, -bound, bound);
      return;
    }
    case FeedbackInit::zero:
      b.zero_();
      return;
  }
}

double xavier_bound(const ParameterInfo& weight) {
  return std::sqrt(6 / static_cast<double>(weight.fan_in + weight.fan_out));
}

void fill_xavier(at::Tensor& out, const ParameterInfo& weight, RandomKey key) {
  const double bound = xavier_bound(weight);
  fill_uniform(out, key, -bound, bound);
}

void fill_normal_by_fans(at::Tensor& out, const ParameterInfo& weight, RandomKey key) {
  fill_gaussian(out, key);
  out.mul_(1 / std::sqrt(static_cast<double>(weight.fan_in + weight.fan_out)));
}

std::vector<FeedbackStructure> make_structures(const Network& network, const StructureSettings& settings,
                                               std::int64_t seed) {
  const RandomKey key = RandomKey::of(seed, Stream::feedback).with(basis_word);
  std::vector<FeedbackStructure> structures;
  for (int l = 1; l <= network.points(); ++l)
    structures.emplace_back(settings, network.classes(),
                            network.cost().points[static_cast<std::size_t>(l - 1)], network.options(),
                            key.with(static_cast<std::uint64_t>(l)));
  return structures;
}

at::Tensor draw_feedback(const FeedbackStructure& structure, FeedbackInit scheme, std::int64_t classes,
                         std::int64_t features, RandomKey key, const at::TensorOptions& options) {
  const bool dense = structure.draws() == 0;
  at::Tensor drawn =
      at::empty({dense ? classes : structure.rows(), dense ? features : structure.draws()}, options);
  initialise_feedback(drawn, scheme, key, static_cast<double>(classes), static_cast<double>(features));
  return dense ? drawn : structure.begin_from(drawn);
}

std::vector<at::Tensor> make_feedback(const Network& network, FeedbackInit scheme, bool shared,
                                      std::int64_t seed, const std::vector<FeedbackStructure>& structures) {
  const RandomKey key = RandomKey::of(seed, Stream::feedback);
  static const FeedbackStructure dense;
  const auto structure = [&](int l) -> const FeedbackStructure& {
    return structures.empty() ? dense : structures[static_cast<std::size_t>(l - 1)];
  };
  std::vector<at::Tensor> matrices;
  if (!shared) {
    for (int l = 1; l <= network.points(); ++l)
      matrices.push_back(draw_feedback(structure(l), scheme, network.classes(), network.features(l),
                                       key.with(static_cast<std::uint64_t>(l)), network.options()));
    return matrices;
  }
  const auto columns = [&](int l) { return structures.empty() ? network.features(l) : structure(l).draws(); };
  std::int64_t widest = 0, widest_point = 0;
  for (int l = 1; l <= network.points(); ++l) {
    widest = std::max(widest, columns(l));
    widest_point = std::max(widest_point, network.features(l));
  }
  if (network.points() == 0) return matrices;
  at::Tensor common =
      at::empty({structures.empty() ? network.classes() : structure(1).rows(), widest}, network.options());
  initialise_feedback(common, scheme, key.with(0), static_cast<double>(network.classes()),
                      static_cast<double>(widest_point));
  for (int l = 1; l <= network.points(); ++l) {
    const at::Tensor slice = common.narrow(1, 0, columns(l)).contiguous();
    matrices.push_back(structures.empty() ? slice : structure(l).begin_from(slice));
  }
  return matrices;
}

void normalise_columns(at::Tensor& b) {
  const at::Tensor norms = at::linalg_vector_norm(b, 2, at::IntArrayRef{0}, true);
  b.div_(at::where(norms.eq(0), at::ones_like(norms), norms));
}

}  // namespace grapevine
