// Stored runs looked into: a run's networks are built as its last checkpoint has them, and a layer of theirs
// is computed by the code that looks into a run in progress. No step is taken, and nothing of the run or of
// its database is written. A thread of the object's own computes; the calls may come from any thread, and
// none of them waits but the last one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/session/stepper.h"

namespace grapevine {

struct StoredQuestion {
  std::string database;
  std::vector<std::int64_t> runs;
  int point = 0;  ///< feedback point from 1; 0 = nothing is inspected
  bool operator==(const StoredQuestion&) const = default;
};

struct StoredAnswer {
  StoredQuestion question;
  InspectionSet layers;  ///< one per run asked for; `racer` is its place among them, from 0
  int points = 0;        ///< of the deepest network; 0 = of none is it known
};

class StoredLook {
 public:
  /// `wake` is called on the computing thread when there is an answer; it must return at once.
  StoredLook(StepperFactory factory, std::function<void()> wake);
  ~StoredLook();
  StoredLook(const StoredLook&) = delete;
  StoredLook& operator=(const StoredLook&) = delete;

  /// Takes the place of the question before, which is left where it is; one without a point lets the
  /// networks go.
  void ask(StoredQuestion question);
  /// Of the latest question; nullptr = not yet.
  std::shared_ptr<const StoredAnswer> answer() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine
