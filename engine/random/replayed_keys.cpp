#include "engine/random/replayed_keys.h"

#include <algorithm>

#include "engine/error.h"

namespace grapevine {
namespace {

thread_local ReplayedKeys* recorded_into = nullptr;

}  // namespace

ReplayedKeys::ReplayedKeys(at::Device device)
    : numbers_(at::zeros({most}, at::TensorOptions().dtype(at::kLong).device(device))) {}

ReplayedKeys::Recording::Recording(ReplayedKeys& keys) {
  keys.noted_.clear();
  keys.of_step_.clear();
  keys.derived_.clear();
  recorded_into = &keys;
}

ReplayedKeys::Recording::~Recording() {
  recorded_into = nullptr;
}

ReplayedKeys::Repetition::Repetition(ReplayedKeys& keys) {
  keys.repeated_ = 0;
  recorded_into = &keys;
}

ReplayedKeys::Repetition::~Repetition() {
  recorded_into->repeated_.reset();
  recorded_into = nullptr;
}

ReplayedKeys* ReplayedKeys::recording() {
  return recorded_into;
}

ReplayedKeys::Noted ReplayedKeys::trace(RandomKey key) const {
  Noted noted;
  for (std::uint64_t at = key.key;;) {
    if (const auto own = of_step_.find(at); own != of_step_.end()) {
      noted.stream = own->second;
      std::reverse(noted.words.begin(), noted.words.end());
      return noted;
    }
    const auto from = derived_.find(at);
    if (from == derived_.end()) return {std::nullopt, {key.key}};
    noted.words.push_back(from->second.word);
    at = from->second.parent;
  }
}

at::Tensor ReplayedKeys::number(RandomKey key) {
  if (repeated_) return numbers_[(*repeated_)++];
  const auto place = static_cast<std::int64_t>(noted_.size());
  if (place == most)
    throw RunError("a step of more than " + std::to_string(most) + " draws can't be recorded");
  noted_.push_back(trace(key));
  return numbers_[place];
}

void ReplayedKeys::set_step(std::int64_t seed, std::int64_t step) {
  if (noted_.empty()) return;
  const SeededDraws draws(seed, step);
  const auto count = static_cast<std::int64_t>(noted_.size());
  // Page-locked memory of its own each time: the copy is read when the device comes to it.
  const at::Tensor host =
      at::empty({count}, at::TensorOptions().dtype(at::kLong).pinned_memory(!numbers_.is_cpu()));
  std::int64_t* bits = host.data_ptr<std::int64_t>();
  for (const Noted& noted : noted_) {
    RandomKey key{noted.words.empty() ? 0 : noted.words.front()};
    if (noted.stream) {
      key = draws.key(*noted.stream);
      for (std::uint64_t word : noted.words) key = key.with(word);
    }
    *bits++ = static_cast<std::int64_t>(key.key);
  }
  numbers_.narrow(0, 0, count).copy_(host, /*non_blocking=*/true);
}

}  // namespace grapevine
