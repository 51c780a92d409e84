// The smallest images: 2×2 grey tiles whose light half lies above or below, so that a network
// over them fits on a blackboard. Pixels are multiples of a fifth of white. Every image depends on
// (seed, index) alone.
#include <algorithm>

#include "engine/data/data_set.h"

namespace grapevine {
namespace {

constexpr int fifth = 51;  // of 255
constexpr std::int64_t train_tiles = 200, test_tiles = 100;

// SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t next(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// The light half is three to five fifths bright, the dark one up to two.
ImageSet make_tiles(std::int64_t seed, std::int64_t first, std::int64_t count) {
  ImageSet set;
  set.height = set.width = 2;
  set.classes = 2;
  for (std::int64_t i = first; i < first + count; ++i) {
    std::uint64_t state = static_cast<std::uint64_t>(seed) * 0x9e3779b97f4a7c15ULL ^
                          static_cast<std::uint64_t>(i) * 0xd1342543de82ef95ULL;
    next(state);
    const int label = static_cast<int>(next(state) % 2);
    set.labels.push_back(label);
    for (int pixel = 0; pixel < 4; ++pixel) {
      const bool light = pixel / 2 == label;
      const int fifths = static_cast<int>(next(state) % 3) + (light ? 3 : 0);
      set.pixels.push_back(static_cast<std::uint8_t>(fifths * fifth));
    }
  }
  return set;
}

ImageData make(const DataRequest& request, const DataDescriptor&, const FoundFiles&, const WorkHooks&) {
  // Test tiles lie far behind all training tiles of the same seed.
  constexpr std::int64_t test_begins = std::int64_t{1} << 40;
  return {make_tiles(request.seed, 0, request.train_limit > 0 ? request.train_limit : train_tiles),
          make_tiles(request.seed, test_begins, request.test_limit > 0 ? request.test_limit : test_tiles)};
}

}  // namespace

DataDescriptor describe_data_tiles() {
  return {
      .key = "tiles",
      .name = "Tiles",
      .help =
          "2×2 grey tiles, light above or below: 4 features and 2 classes, for networks whose numbers fit "
          "on a page; made on the fly, needs no files",
      .height = 2,
      .width = 2,
      .classes = 2,
      .how_to_get = "nothing to get: it is made on the fly"};
}

DataSet data_set_tiles() {
  return {.read = make};
}

}  // namespace grapevine
