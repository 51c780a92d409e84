#include "engine/batches/image_batches.h"

#include <ATen/Parallel.h>

#include <cmath>

#include "engine/data/data_digest.h"

namespace grapevine {

ImageBatches::ImageBatches(const BatchSettings& settings, const at::TensorOptions& options,
                           const WorkHooks& hooks)
    : Batches(settings, options) {
  ImageData data = load_images(request(), hooks);
  digest_ = digest_of(data, hooks);
  train_ = std::move(data.train);
  test_ = std::move(data.test);
  if (!train_.note.empty()) notes_.push_back("training data: " + train_.note);
  if (!test_.note.empty()) notes_.push_back("test data: " + test_.note);
  arrange(train_.count(), 0, test_.count());
  measure_normalisation(asked().normalize);
  if (!options.device().is_cpu()) keep_on(options.device());
}

std::vector<std::int64_t> ImageBatches::sample_shape() const {
  const std::int64_t side = asked().resize;
  return {train_.channels, side > 0 ? side : train_.height, side > 0 ? side : train_.width};
}

// One mean and deviation a channel over the training records; without it, bytes become [0, 1].
void ImageBatches::measure_normalisation(bool wanted) {
  const std::int64_t area = std::int64_t{1} * train_.height * train_.width;
  table_.resize(static_cast<std::size_t>(train_.channels) * 256);
  for (int c = 0; c < train_.channels; ++c) {
    std::vector<std::int64_t> histogram(256, 0);
    for (std::int64_t row : train_rows()) {
      const std::uint8_t* pixels = train_.pixels.data() + row * train_.sample_size() + c * area;
      for (std::int64_t i = 0; i < area; ++i) ++histogram[pixels[i]];
    }
    double count = 0, sum = 0, squares = 0;
    for (int v = 0; v < 256; ++v) {
      const double n = static_cast<double>(histogram[static_cast<std::size_t>(v)]), x = v / 255.0;
      count += n;
      sum += n * x;
      squares += n * x * x;
    }
    const double mean = wanted ? sum / count : 0;
    const double variance = squares / count - (sum / count) * (sum / count);
    const double deviation = wanted && variance > 0 ? std::sqrt(variance) : 1;
    normalisation_.mean.push_back(mean);
    normalisation_.deviation.push_back(deviation);
    for (int v = 0; v < 256; ++v)
      table_[static_cast<std::size_t>(c * 256 + v)] = static_cast<float>((v / 255.0 - mean) / deviation);
  }
}

namespace {

// One channel. What lies outside the image is black.
void place(const std::uint8_t* from, float* to, int height, int width, const float* table,
           Placement placement) {
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column) {
      const int y = row + placement.down,
                x = (placement.mirrored ? width - 1 - column : column) + placement.right;
      const bool inside = y >= 0 && y < height && x >= 0 && x < width;
      to[row * width + column] = table[inside ? from[y * width + x] : 0];
    }
}

}  // namespace

void ImageBatches::keep_on(at::Device device) {
  train_there_ = DeviceImages(train_, table_, device);
  test_there_ = DeviceImages(test_, table_, device);
}

Placement ImageBatches::placement_of(const RandomKey& augmentation, std::int64_t row) const {
  const RandomKey own = augmentation.with(static_cast<std::uint64_t>(row));
  constexpr std::uint64_t choices = 2 * pad + 1;
  Placement placement;
  if (asked().crops) {
    placement.down = static_cast<int>(own.word(0) % choices) - pad;
    placement.right = static_cast<int>(own.word(1) % choices) - pad;
  }
  placement.mirrored = asked().flips && own.word(2) % 2 == 1;
  return placement;
}

// `augmentation` (training only): each row's placement is a draw of its own.
void ImageBatches::fill(Part part, const std::int64_t* rows, std::int64_t count, Batch& out,
                        const RandomKey* augmentation) const {
  std::vector<Placement> placements;
  for (std::int64_t i = 0; augmentation && i < count; ++i)
    placements.push_back(placement_of(*augmentation, rows[i]));
  const std::int64_t side = asked().resize;
  if (side == 0 || (side == train_.height && side == train_.width))
    return fill_small(part, rows, count, out, placements);
  Batch small;
  fill_small(part, rows, count, small, placements);
  const std::vector<std::int64_t> shape{count, small.x.size(1), side, side};
  if (!out.x.defined() || out.x.sizes() != at::IntArrayRef(shape))
    out.x = at::empty(shape, small.x.options());
  const std::int64_t size[] = {side, side};
  at::_upsample_bilinear2d_aa_out(out.x, small.x, size, /*align_corners=*/false);
  out.y = std::move(small.y);
}

void ImageBatches::fill_small(Part part, const std::int64_t* rows, std::int64_t count, Batch& out,
                              const std::vector<Placement>& placements) const {
  const DeviceImages& there = part == Part::test ? test_there_ : train_there_;
  if (there.defined())
    out = there.take(rows, count, placements);
  else
    fill_on_host(part == Part::test ? test_ : train_, rows, count, out, placements);
}

void ImageBatches::fill_on_host(const ImageSet& set, const std::int64_t* rows, std::int64_t count, Batch& out,
                                const std::vector<Placement>& placements) const {
  const at::TensorOptions host = at::TensorOptions().dtype(at::kFloat);
  const std::vector<std::int64_t> shape{count, set.channels, set.height, set.width};
  if (!out.x.defined() || out.x.sizes() != at::IntArrayRef(shape)) out.x = at::empty(shape, host);
  if (!out.y.defined() || out.y.size(0) != count) out.y = at::empty({count}, host.dtype(at::kLong));
  float* px = out.x.data_ptr<float>();
  std::int64_t* py = out.y.data_ptr<std::int64_t>();
  const std::int64_t area = std::int64_t{1} * set.height * set.width, sample = set.sample_size();
  at::parallel_for(0, count, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::uint8_t* from = set.pixels.data() + rows[i] * sample;
      float* to = px + i * sample;
      for (int c = 0; c < set.channels; ++c) {
        const float* table = table_.data() + c * 256;
        if (!placements.empty())
          place(from + c * area, to + c * area, set.height, set.width, table,
                placements[static_cast<std::size_t>(i)]);
        else
          for (std::int64_t k = 0; k < area; ++k) to[c * area + k] = table[from[c * area + k]];
      }
      py[i] = set.labels[static_cast<std::size_t>(rows[i])];
    }
  });
}

}  // namespace grapevine
