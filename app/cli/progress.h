// What a run says on its way: a live bar and one line per racer on a terminal, one line per epoch everywhere.
// Main thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "app/cli/console.h"
#include "engine/runs/run_data.h"
#include "engine/session/stepper.h"

namespace grapevine::cli {

class Progress {
 public:
  /// `runs` as they are at the start: of a resumed run, what was reported before is not reported again.
  Progress(Console& console, const RaceInfo& info, std::vector<std::string> labels,
           const std::vector<RunView>& runs);

  /// After news has been absorbed into `runs`. `rate` is the session's steps per second, 0 while unknown.
  void update(const std::vector<RunView>& runs, double rate);
  /// The bar's words change while the run winds down.
  void say_stopping() { stopping_ = true; }
  /// Removes the bar.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  void tell_epochs(const std::vector<RunView>& runs);
  void tell_epoch(std::size_t racer, const RunData& run);
  void tell_now_and_then(std::int64_t step);
  void draw(const std::vector<RunView>& runs);
  /// Before the first step alignment is measured, which takes as many passes as there are classes.
  bool is_measuring_first(std::int64_t step) const;
  std::string where(std::int64_t step) const;
  std::string pace(std::int64_t step) const;
  std::string racer_line(std::size_t racer, const RunData& run) const;

  Console& console_;
  RaceInfo info_;
  std::vector<std::string> labels_;
  int label_width_ = 0;
  std::vector<std::size_t> samples_seen_;  ///< of the epoch measures, a racer
  std::vector<std::size_t> epochs_told_;
  std::int64_t first_step_ = 0;
  double rate_ = 0;
  bool stopping_ = false;
  bool told_of_measuring_ = false;
  Clock::time_point begin_ = Clock::now(), last_draw_{}, last_line_ = Clock::now();
};

}  // namespace grapevine::cli
