// Labelled images as bytes, as the files have them, before any arithmetic. Plain C++; loading belongs to any
// one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/data/data_request.h"
#include "engine/session/progress.h"

namespace grapevine {

struct ImageSet {
  int channels = 1, height = 0, width = 0, classes = 0;
  std::vector<std::uint8_t> pixels;  ///< count × channels × height × width, channel first
  std::vector<std::int32_t> labels;  ///< count, in [0, classes)
  std::string note;                  ///< "20,000 of 50,000: a slice", or ""
  std::int64_t count() const { return static_cast<std::int64_t>(labels.size()); }
  std::int64_t sample_size() const { return std::int64_t{1} * channels * height * width; }
};

struct ImageData {
  ImageSet train, test;
};

/// What a network is built for.
struct ImageFacts {
  int channels = 0, height = 0, width = 0, classes = 0;
};
/// Of data sets as published without a look at files; own data's are at the start of the files. Throws as
/// load_images().
ImageFacts image_facts(const DataRequest& request);

/// Throws InputError naming the file, the offset and what was expected; for missing files, how to get them
/// and that `data.name=shapes` needs none; WorkStopped when asked to stop, which only long work looks at.
ImageData load_images(const DataRequest& request, const WorkHooks& hooks = {});

/// IDX (optionally gzip) image/label pair of a published kind; data.name=idx reads any.
ImageSet read_idx_pair(const std::string& image_file, const std::string& label_file, int classes);
/// CIFAR binary records from several files: `label_bytes` (1, or CIFAR-100's coarse and fine), of which the
/// one at `label_at` counts (−1: the last), then the pixels.
ImageSet read_cifar(const std::vector<std::string>& files, int label_bytes, int classes, int label_at = -1);
/// The same from the python layout's pickles (pickle.h); `label_key` "labels" (CIFAR-10) or "fine_labels".
ImageSet read_cifar_pickles(const std::vector<std::string>& files, const std::string& label_key, int classes);
/// The synthetic set: anti-aliased shapes that differ in form and texture with position, scale, rotation and
/// noise; 10 or 100 classes; 28×28×1. Deterministic in (seed, count, first).
ImageSet make_shapes(std::int64_t seed, std::int64_t first, std::int64_t count, int classes);

}  // namespace grapevine
