// A network's trainable numbers: one flat tensor, each parameter a view into it. Gradients and optimizer
// states have the same layout, so that an update is one pass over memory. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

/// `words`: the rows of an embedding or a decoder, one a word.
enum class ParameterRole { weight, bias, norm_weight, norm_bias, words };

struct ParameterInfo {
  std::string name;  ///< "<segment from 1>.<layer from 0>.weight"
  ParameterRole role;
  std::vector<std::int64_t> shape;
  std::int64_t offset = 0;
  std::int64_t count = 0;
  std::int64_t fan_in = 0, fan_out = 0;  ///< a convolution's include k²
  int segment = 0;                       ///< from 1
};

/// The list of a network's parameters, in the order of its layers.
class ParameterLayout {
 public:
  /// Returns the parameter's slot (its index).
  int add(ParameterInfo info);
  const std::vector<ParameterInfo>& infos() const { return infos_; }
  const ParameterInfo& operator[](int slot) const { return infos_[static_cast<std::size_t>(slot)]; }
  int size() const { return static_cast<int>(infos_.size()); }
  std::int64_t total() const { return total_; }
  int slot(const std::string& name) const;  ///< -1 when there is none

 private:
  std::vector<ParameterInfo> infos_;
  std::int64_t total_ = 0;
};

/// One number for each parameter's entries: the values themselves, gradients, moments.
class ParameterBuffer {
 public:
  ParameterBuffer() = default;
  ParameterBuffer(const ParameterLayout& layout, const at::TensorOptions& options);
  const at::Tensor& operator[](int slot) const { return views_[static_cast<std::size_t>(slot)]; }
  const at::Tensor& flat() const { return flat_; }
  bool defined() const { return flat_.defined(); }
  /// The part of the flat tensor that belongs to one segment (from 1); segments are contiguous.
  at::Tensor segment(const ParameterLayout& layout, int segment) const;

 private:
  at::Tensor flat_;
  std::vector<at::Tensor> views_;
};

}  // namespace grapevine
