// The keys of a recorded step's draws. A recording repeats its operations with the numbers they had; a draw's
// key is another one at every step. While a step is recorded, draws take their keys from a tensor here, which
// is filled again before each replay, so that a replayed step draws what the same step would have drawn
// without a recording. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/random/draws.h"

namespace grapevine {

class ReplayedKeys {
 public:
  explicit ReplayedKeys(at::Device device);

  /// While it exists, this thread's draws are noted and take their keys from the tensor. Begins a new list.
  class Recording {
   public:
    explicit Recording(ReplayedKeys& keys);
    ~Recording();
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;
  };
  /// While it exists, the draws of the list again, in the same order: for what repeats a step's work without
  /// a device that records (tests).
  class Repetition {
   public:
    explicit Repetition(ReplayedKeys& keys);
    ~Repetition();
    Repetition(const Repetition&) = delete;
    Repetition& operator=(const Repetition&) = delete;
  };
  /// The list that this thread is recording into; nullptr at all other times.
  static ReplayedKeys* recording();

  /// `key` is a step's own for this stream (SeededDraws).
  void note_step_key(RandomKey key, Stream stream) { of_step_[key.key] = stream; }
  /// `key` is parent.with(word).
  void note_derived(RandomKey key, RandomKey parent, std::uint64_t word) {
    derived_[key.key] = {parent.key, word};
  }
  /// One number on the device, int64: the key's bits at the step that is replayed. A key that no step's own
  /// leads to is the same at all of them. Throws RunError beyond `most` draws.
  at::Tensor number(RandomKey key);
  /// The keys of this step, for all that was noted.
  void set_step(std::int64_t seed, std::int64_t step);

  static constexpr std::int64_t most = 4096;

 private:
  struct Derived {
    std::uint64_t parent, word;
  };
  struct Noted {
    std::optional<Stream> stream;      ///< of the step's key that the words lead down from
    std::vector<std::uint64_t> words;  ///< from above; or the key itself where there is no stream
  };
  Noted trace(RandomKey key) const;

  at::Tensor numbers_;  ///< `most` keys' bits
  std::vector<Noted> noted_;
  std::optional<std::int64_t> repeated_;  ///< how many of them a Repetition has had
  std::map<std::uint64_t, Stream> of_step_;
  std::map<std::uint64_t, Derived> derived_;
};

/// A step's draws that can be recorded.
class RecordedDraws : public SeededDraws {
 public:
  using SeededDraws::SeededDraws;
  RandomKey key(Stream stream) const override {
    const RandomKey own = SeededDraws::key(stream);
    if (ReplayedKeys* keys = ReplayedKeys::recording()) keys->note_step_key(own, stream);
    return own;
  }
};

}  // namespace grapevine
