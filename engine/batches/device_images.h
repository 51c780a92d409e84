// A set of images that lies on a device as bytes: a batch is gathered, moved and normalised there, and only
// the numbers of its records are copied. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "engine/batches/batches.h"
#include "engine/data/image_set.h"

namespace grapevine {

/// Where a pixel of an augmented image comes from: moved by so many pixels, mirrored or not. What lies
/// outside the image is black.
struct Placement {
  int down = 0, right = 0;
  bool mirrored = false;
};

class DeviceImages {
 public:
  DeviceImages() = default;
  /// `table`: channel × 256, the number that a byte becomes.
  DeviceImages(const ImageSet& set, const std::vector<float>& table, at::Device device);
  bool defined() const { return pixels_.defined(); }
  /// The records with these numbers, N×C×H×W float and N int64; `placements` are empty or one per record.
  Batch take(const std::int64_t* rows, std::int64_t count, const std::vector<Placement>& placements) const;

 private:
  at::Tensor moved(const at::Tensor& bytes, const at::Tensor& placements) const;

  at::Tensor pixels_, labels_;  ///< M×C×H×W bytes; M int64
  at::Tensor table_;            ///< C·256
  at::Tensor offsets_;          ///< 1×C×1×1: where a channel's part of the table begins
};

}  // namespace grapevine
