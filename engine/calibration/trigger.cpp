#include "engine/calibration/trigger.h"

#include <algorithm>

#include "engine/experiment/number_text.h"

namespace grapevine {
namespace {

std::string shown(double value) {
  return fixed_text(value, 3);
}

}  // namespace

bool AlignmentTrigger::may_fire(std::int64_t step) const {
  return armed_ && (last_fired_ < 0 || step - last_fired_ >= settings.min_gap);
}

// Of several points that have been below for long enough, the one that is lowest.
std::string AlignmentTrigger::lost_by_average() {
  std::size_t lowest = average_.size();
  for (std::size_t l = 0; l < average_.size(); ++l) {
    below_[l] = average_[l] < settings.low ? below_[l] + 1 : 0;
    if (below_[l] < static_cast<double>(settings.checks)) continue;
    if (lowest == average_.size() || average_[l] < average_[lowest]) lowest = l;
  }
  if (lowest == average_.size()) return "";
  return "point " + std::to_string(lowest + 1) + ": average alignment " + shown(average_[lowest]) +
         " below " + shown(settings.low) + " at " + std::to_string(static_cast<int>(below_[lowest])) +
         " checks in a row";
}

std::string AlignmentTrigger::lost_by_sum() {
  const auto largest = std::max_element(sum_.begin(), sum_.end());
  if (*largest <= settings.limit) return "";
  return "point " + std::to_string(largest - sum_.begin() + 1) + ": summed shortfall of alignment " +
         shown(*largest) + " above " + shown(settings.limit) + " (reference " + shown(settings.high) + ")";
}

std::string AlignmentTrigger::check(std::int64_t step, const std::vector<double>& alignment) {
  if (alignment.empty()) return "";
  if (average_.size() != alignment.size()) {
    average_ = alignment;
    sum_.assign(alignment.size(), 0);
    below_.assign(alignment.size(), 0);
  } else {
    for (std::size_t l = 0; l < alignment.size(); ++l)
      average_[l] = settings.smoothing * average_[l] + (1 - settings.smoothing) * alignment[l];
  }
  if (!armed_ && *std::min_element(average_.begin(), average_.end()) > settings.high) armed_ = true;
  // While disarmed nothing counts: a loss must begin after the recovery.
  if (!armed_) return "";
  for (std::size_t l = 0; l < alignment.size(); ++l)
    sum_[l] = std::max(0.0, sum_[l] + settings.high - settings.slack - alignment[l]);
  const std::string cause = settings.cusum ? lost_by_sum() : lost_by_average();
  if (cause.empty() || !may_fire(step)) return "";
  armed_ = false;
  below_.assign(below_.size(), 0);
  sum_.assign(sum_.size(), 0);
  last_fired_ = step;
  return cause;
}

std::vector<double> AlignmentTrigger::state() const {
  std::vector<double> all{armed_ ? 1.0 : 0.0, static_cast<double>(last_fired_)};
  for (const auto* of_points : {&average_, &sum_, &below_})
    all.insert(all.end(), of_points->begin(), of_points->end());
  return all;
}

void AlignmentTrigger::restore(const std::vector<double>& state) {
  if (state.size() < 2) return;
  armed_ = state[0] > 0;
  last_fired_ = static_cast<std::int64_t>(state[1]);
  const auto points = static_cast<std::ptrdiff_t>((state.size() - 2) / 3);
  auto next = state.begin() + 2;
  for (auto* of_points : {&average_, &sum_, &below_}) {
    of_points->assign(next, next + points);
    next += points;
  }
}

}  // namespace grapevine
