// What the tests of structured feedback share: shapes that structures divide well and badly, the brute-force
// nearest matrix, and a small network of maps.
#pragma once

#include <ATen/ATen.h>
#include <cmath>
#include <map>
#include "engine/calibration/refit.h"
#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/feedback/cosine_step.h"
#include "engine/feedback/matrices.h"
#include "engine/probes/c_hat.h"
#include "tests/nn/bed.h"

namespace grapevine {

using Shape = StructureSettings::Kind;
inline constexpr double exact = 1e-10;

inline double error_of(const at::Tensor& a, const at::Tensor& b) {
  return (at::linalg_vector_norm(a - b) / at::linalg_vector_norm(b).clamp_min(1e-300)).item<double>();
}

struct Case {
  std::string name;
  StructureSettings settings;
  std::vector<std::int64_t> point;
  std::int64_t classes = 4;

  FeedbackStructure structure() const {
    return {settings, classes, point, f64, RandomKey::of(1, Stream::test).with(5)};
  }
  std::int64_t features() const { return point.size() == 3 ? point[0] * point[1] * point[2] : point[0]; }
  at::Tensor some_values(std::int64_t seed) const {
    const FeedbackStructure form = structure();
    return form.begin_from(noise({form.rows(), form.draws()}, seed));
  }
};

inline StructureSettings settings_of(Shape kind, std::int64_t number = 0) {
  StructureSettings settings;
  settings.kind = kind;
  if (kind == Shape::grid) settings.grid = number;
  if (kind == Shape::kernel) settings.kernel = number;
  if (kind == Shape::low_rank) settings.rank = number;
  return settings;
}

/// Maps that cells divide unevenly, that are smaller than a kernel or than a grid, and vectors.
inline std::vector<Case> cases() {
  return {{"dense map", {}, {2, 5, 7}},
          {"per channel", settings_of(Shape::per_channel), {3, 5, 7}},
          {"grid 3", settings_of(Shape::grid, 3), {2, 5, 7}},
          {"grid finer than the map", settings_of(Shape::grid, 6), {2, 3, 8}},
          {"kernel 3", settings_of(Shape::kernel, 3), {2, 5, 7}},
          {"kernel 5", settings_of(Shape::kernel, 5), {2, 6, 5}},
          {"kernel as large as the map", settings_of(Shape::kernel, 3), {2, 3, 3}},
          {"kernel larger than the map", settings_of(Shape::kernel, 5), {2, 3, 6}},
          {"low rank of a map", settings_of(Shape::low_rank, 2), {2, 4, 5}},
          {"low rank of a vector", settings_of(Shape::low_rank, 3), {11}},
          {"per channel of a vector", settings_of(Shape::per_channel), {9}}};
}

/// Every matrix of a structure as a combination of these: one a value, C·n long.
inline at::Tensor span_of(const Case& one) {
  const FeedbackStructure form = one.structure();
  const at::Tensor shape = one.some_values(1);
  at::Tensor span = at::empty({shape.numel(), one.classes * one.features()}, f64);
  for (std::int64_t i = 0; i < shape.numel(); ++i) {
    at::Tensor unit = at::zeros_like(shape);
    unit.view({-1})[i] = 1;
    span[i].copy_(form.expand(unit).reshape({-1}));
  }
  return span;
}

/// The nearest point to `a` in the rows' span: P a, P = Sᵀ(S Sᵀ)⁺S.
inline at::Tensor nearest(const at::Tensor& span, const at::Tensor& a) {
  const at::Tensor gram = at::linalg_pinv(span.mm(span.t()), 1e-12);
  return span.t().mm(gram.mm(span.mm(a.reshape({-1, 1})))).reshape(a.sizes());
}

/// Two maps of 7×5 and a vector below four classes.
inline const NetworkSpec cnn{{2, 7, 5},
                             {{conv(2, 3), layer(LayerKind::tanh)},
                              {conv(3, 4), layer(LayerKind::tanh)},
                              {layer(LayerKind::flatten), linear(140, 6), layer(LayerKind::tanh)},
                              {linear(6, 4)}}};

struct Bed : ForwardBed {
  explicit Bed(std::int64_t samples, const NetworkSpec& spec = cnn)
      : ForwardBed(spec, training_pass(), samples, 0.4) {}
};

using Words = std::map<std::string, std::string>;
inline const std::vector<Words> structures{{},
                                           {{"structure", "per_channel"}},
                                           {{"structure", "grid"}, {"grid", "2"}},
                                           {{"structure", "kernel"}, {"kernel", "3"}},
                                           {{"structure", "low_rank"}, {"rank", "3"}}};

inline std::unique_ptr<Rule> attached(const std::string& key, Bed& bed, const Words& structure,
                                      const Words& more = {}) {
  Experiment experiment(key);
  for (const Words& words : {structure, more})
    for (const auto& [name, value] : words) experiment.set_text("rule." + name, value);
  std::unique_ptr<Rule> rule = make_rule(experiment);
  rule->attach(bed.network, 11);
  return rule;
}

inline std::string label(const std::string& key, const Words& structure) {
  return key + (structure.empty() ? " dense" : " " + structure.at("structure"));
}

inline std::vector<at::Tensor> expanded(Rule& rule) {
  std::vector<at::Tensor> all;
  for (std::size_t l = 0; l < rule.feedback()->size(); ++l)
    all.push_back(rule.structure(l).expand((*rule.feedback())[l]).clone());
  return all;
}

inline std::vector<std::string> direct_rules() {
  std::vector<std::string> keys;
  for (const RuleDescriptor& rule : rules())
    if (rule.has_feedback) keys.push_back(rule.key);
  return keys;
}

}  // namespace grapevine
