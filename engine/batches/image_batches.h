// Images as batches: pixels stay bytes until their batch is made, on the host by its threads, on a GPU by
// itself. Worker thread only.
#pragma once

#include <vector>

#include "engine/batches/batches.h"
#include "engine/batches/device_images.h"
#include "engine/data/image_set.h"

namespace grapevine {

class ImageBatches : public Batches {
 public:
  /// Loads the images. Throws InputError.
  ImageBatches(const BatchSettings& settings, const at::TensorOptions& options, const WorkHooks& hooks = {});

  std::vector<std::int64_t> sample_shape() const override;
  std::int64_t classes() const override { return train_.classes; }
  /// From now on batches are made where the device is (a GPU's are from the start). The numbers are the same.
  void keep_on(at::Device device);
  Normalisation normalisation() const override { return normalisation_; }

 protected:
  void fill(Part part, const std::int64_t* rows, std::int64_t count, Batch& out,
            const RandomKey* augmentation) const override;
  std::int64_t class_of(std::int64_t train_row) const override {
    return train_.labels[static_cast<std::size_t>(train_row)];
  }
  bool augments() const override { return asked().crops || asked().flips; }

 private:
  void measure_normalisation(bool wanted);
  void fill_small(Part part, const std::int64_t* rows, std::int64_t count, Batch& out,
                  const std::vector<Placement>& placements) const;
  void fill_on_host(const ImageSet& set, const std::int64_t* rows, std::int64_t count, Batch& out,
                    const std::vector<Placement>& placements) const;
  Placement placement_of(const RandomKey& augmentation, std::int64_t row) const;

  static constexpr int pad = 4;  ///< of crop
  ImageSet train_, test_;
  DeviceImages train_there_, test_there_;
  Normalisation normalisation_;
  std::vector<float> table_;  ///< channel × 256: the number that a byte becomes
};

}  // namespace grapevine
