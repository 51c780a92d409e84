// Bars, paces and epoch lines.
#include "app/cli/progress.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/run_tables.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/runs/export.h"

namespace grapevine::cli {
namespace {

constexpr auto redraw_interval = std::chrono::milliseconds(100);
// In a log nobody wants a bar, but a sign of life in a long epoch.
constexpr auto log_interval = std::chrono::seconds(60);
constexpr auto long_measuring = std::chrono::seconds(2);
constexpr const char* measuring_first =
    "measuring alignment before the first step (probe.every=0 leaves it out)";
constexpr int longest_bar = 24, shortest_bar = 4;

std::size_t epoch_samples(const RunData& run) {
  std::size_t count = 0;
  for (const MeasureDescriptor& measure : measures())
    if (const Series* series = measure.is_of_epochs() ? run.find(measure.key.c_str()) : nullptr)
      count += series->size();
  return count;
}

/// Alignment may be measured more rarely than once an epoch: an old value has its step next to it.
std::string measured_before(const RunData& run, double epoch) {
  const Series* series = run.find(measure_keys::cos_b_j, 1);
  if (!series || series->step.empty() || series->epoch.back() > epoch - 1) return {};
  return " (step " + with_thousands(series->step.back()) + ")";
}

std::string padded(const std::string& text, int width) {
  return text + std::string(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ');
}

std::string bar(double share, int columns, bool unicode) {
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * columns);
  std::string text;
  for (int i = 0; i < columns; ++i) text += i < full ? (unicode ? "█" : "#") : (unicode ? "░" : ".");
  return unicode ? text : "[" + text + "]";
}

}  // namespace

Progress::Progress(Console& console, const RaceInfo& info, std::vector<std::string> labels,
                   const std::vector<RunView>& runs)
    : console_(console), info_(info), labels_(std::move(labels)) {
  for (const std::string& label : labels_) label_width_ = std::max(label_width_, display_width(label));
  for (const RunView& run : runs) {
    samples_seen_.push_back(epoch_samples(*run));
    epochs_told_.push_back(run_result(*run).at("epochs").size());
    first_step_ = std::max(first_step_, run->step);
  }
}

void Progress::update(const std::vector<RunView>& runs, double rate) {
  if (rate > 0) rate_ = rate;
  tell_epochs(runs);
  const auto now = Clock::now();
  if (!console_.is_terminal()) {
    if (!told_of_measuring_ && is_measuring_first(runs.front()->step) && now - begin_ >= long_measuring) {
      console_.line(std::string(measuring_first) + " …");
      told_of_measuring_ = true;
    }
    if (now - last_line_ >= log_interval) tell_now_and_then(runs.front()->step);
  } else if (now - last_draw_ >= redraw_interval) {
    draw(runs);
    last_draw_ = now;
  }
}

void Progress::finish() {
  console_.live({});
}

void Progress::tell_epochs(const std::vector<RunView>& runs) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::size_t samples = epoch_samples(*runs[i]);
    if (samples == samples_seen_[i]) continue;
    samples_seen_[i] = samples;
    tell_epoch(i, *runs[i]);
  }
}

void Progress::tell_epoch(std::size_t racer, const RunData& run) {
  const nlohmann::json epochs = run_result(run).at("epochs");
  const std::string total =
      info_.steps_per_epoch > 0
          ? epoch_text(static_cast<double>(info_.total_steps) / static_cast<double>(info_.steps_per_epoch))
          : "?";
  for (; epochs_told_[racer] < epochs.size(); ++epochs_told_[racer]) {
    const nlohmann::json& epoch = epochs[epochs_told_[racer]];
    std::string line = "epoch " + epoch_text(number_at(epoch, "epoch")) + "/" + total + "  " +
                       padded(labels_[racer], label_width_);
    const auto pair = [&](const std::string& what, Phase phase) {
      line += "  " + what + " " + fixed(number_at(epoch, key_in(phase, family::loss)), 4) + " " +
              score_at(epoch, phase, "", 1);
    };
    for (const Phase phase : phases_in(epochs)) pair(phase_name(phase), phase);
    if (const double by_word = number_at(epoch, key_in(Phase::test, family::word_perplexity));
        std::isfinite(by_word))
      line += " (" + fixed(by_word, 1) + " per word)";
    if (const std::string cosines = by_point(run, measure_keys::cos_b_j); !cosines.empty())
      line += "  cos " + cosines + measured_before(run, number_at(epoch, "epoch"));
    console_.line(line + "  " + duration(number_at(epoch, family::seconds_of_epochs)));
    last_line_ = Clock::now();
  }
}

bool Progress::is_measuring_first(std::int64_t step) const {
  return step == 0 && rate_ <= 0 &&
         std::any_of(info_.beginnings.begin(), info_.beginnings.end(),
                     [](const Beginning& racer) { return racer.probe_every > 0; });
}

std::string Progress::where(std::int64_t step) const {
  const std::int64_t an_epoch = std::max<std::int64_t>(1, info_.steps_per_epoch);
  const std::int64_t epochs = (info_.total_steps + an_epoch - 1) / an_epoch;
  const std::int64_t epoch = std::min(epochs, step / an_epoch + 1);
  return "epoch " + std::to_string(epoch) + "/" + std::to_string(epochs);
}

std::string Progress::pace(std::int64_t step) const {
  if (is_measuring_first(step)) return measuring_first;
  std::string text = "step " + with_thousands(step) + "/" + with_thousands(info_.total_steps);
  if (rate_ > 0) text += ", " + short_number(rate_) + " steps/s";
  // Over the whole time, so that tests and measurements are counted in.
  const double passed = std::chrono::duration<double>(Clock::now() - begin_).count();
  const auto done = static_cast<double>(step - first_step_);
  if (done > 0 && passed > 1) {
    text += ", " + duration(static_cast<double>(info_.total_steps - step) * passed / done) + " left";
  }
  return text;
}

void Progress::tell_now_and_then(std::int64_t step) {
  console_.line(where(step) + ", " + pace(step));
  last_line_ = Clock::now();
}

std::string Progress::racer_line(std::size_t racer, const RunData& run) const {
  std::string line = "  " + padded(labels_[racer], label_width_);
  if (run.status == RunStatus::failed) return line + "  failed";
  line += "  loss " + fixed(run.last(family::loss), 3);
  const MeasureDescriptor& score = score_of(run, Phase::batch);
  line += "  " + score.family + " " + score_text(score, run.last(score.key.c_str()), 1);
  if (const std::string cosines = by_point(run, measure_keys::cos_b_j); !cosines.empty())
    line += "  cos " + cosines;
  return line;
}

void Progress::draw(const std::vector<RunView>& runs) {
  const std::int64_t step = runs.front()->step;
  const double share =
      info_.total_steps > 0 ? static_cast<double>(step) / static_cast<double>(info_.total_steps) : 0;
  const std::string begin = where(step) + " ",
                    end = " " + percent_done(share) + "  " + (stopping_ ? "stopping …" : pace(step));
  // Rate and time left are what one looks for: the bar takes the room that they leave.
  const int room = console_.width() - 1 - display_width(begin + end) - (console_.has_unicode() ? 0 : 2);
  std::vector<std::string> lines{
      begin + bar(share, std::clamp(room, shortest_bar, longest_bar), console_.has_unicode()) + end};
  for (std::size_t i = 0; i < runs.size(); ++i) lines.push_back(racer_line(i, *runs[i]));
  console_.live(lines);
}

}  // namespace grapevine::cli
