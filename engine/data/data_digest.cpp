#include "engine/data/data_digest.h"

#include <algorithm>
#include <bit>

#include "engine/files/sha256.h"

namespace grapevine {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are summed as they lie in memory");

// A few milliseconds of summing.
constexpr std::size_t piece = 4 << 20;

template <class Number>
void add(Sha256& sum, const std::vector<Number>& numbers, const WorkHooks& hooks) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(numbers.data());
  const std::size_t size = numbers.size() * sizeof(Number);
  for (std::size_t done = 0; done < size; done += piece) {
    if (hooks.stopped()) throw WorkStopped();
    sum.add(bytes + done, std::min(piece, size - done));
  }
}

void add(Sha256& sum, const std::string& line) {
  sum.add(line.data(), line.size());
}

void add(Sha256& sum, const std::string& part, const ImageSet& set, const WorkHooks& hooks) {
  add(sum, part + " images " + std::to_string(set.count()) + " " + std::to_string(set.channels) + " " +
               std::to_string(set.height) + " " + std::to_string(set.width) + "\n");
  add(sum, set.labels, hooks);
  add(sum, set.pixels, hooks);
}

void add(Sha256& sum, const std::string& part, const TextSet& set, const WorkHooks& hooks) {
  add(sum, part + " tokens " + std::to_string(set.tokens.size()) + "\n");
  add(sum, set.tokens, hooks);
}

}  // namespace

std::string digest_of(const ImageData& images, const WorkHooks& hooks) {
  Sha256 sum;
  add(sum, "train", images.train, hooks);
  add(sum, "test", images.test, hooks);
  return sum.hex();
}

std::string digest_of(const TextData& texts, const WorkHooks& hooks) {
  Sha256 sum;
  add(sum, "train", texts.train, hooks);
  add(sum, "validation", texts.validation, hooks);
  add(sum, "test", texts.test, hooks);
  return sum.hex();
}

}  // namespace grapevine
