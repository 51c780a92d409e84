// A film of the stage.
#include "ui/scope/stage_animation.h"

#include <QObject>
#include <algorithm>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/figure_export.h"

namespace grapevine {
namespace {

constexpr int kLastMs = 2000;

/// As the stage leaves the window alone.
QSize size_of(const ScopeModel& model, const AnimationWish& wish) {
  const Size alone = entry_of(model, model.stage_figure()).traits().alone;
  return {wish.width, static_cast<int>(wish.width * alone.height / alone.width)};
}

}  // namespace

std::vector<std::int64_t> animation_steps(const ScopeModel& model, const AnimationWish& wish) {
  std::vector<std::int64_t> within;
  for (const std::int64_t step : measured_steps(model.stage_racers()))
    if (step >= wish.from && step <= wish.to) within.push_back(step);
  const auto most = static_cast<std::size_t>(std::max(2, wish.pictures));
  if (within.size() <= most) return within;
  std::vector<std::int64_t> chosen;
  for (std::size_t i = 0; i < most; ++i) chosen.push_back(within[i * (within.size() - 1) / (most - 1)]);
  return chosen;
}

std::optional<std::pair<std::int64_t, std::int64_t>> measured_stretch(const ScopeModel& model) {
  const std::vector<std::int64_t> steps = measured_steps(model.stage_racers());
  if (steps.empty()) return std::nullopt;
  return std::pair(steps.front(), steps.back());
}

StageAnimation::StageAnimation(const ScopeModel& model, const ScopeLook& look, const AnimationWish& wish)
    : size_(size_of(model, wish)), model_(model), wish_(wish), file_(size_) {
  look_.dark = look.dark;
  model_.keep_runs_as_they_are();
  model_.advance();
  model_.set_time_axis(TimeAxis::step);
  steps_ = animation_steps(model_, wish);
  if (steps_.empty())
    throw InputError(QObject::tr("nothing was measured from step %1 to %2: choose a longer stretch")
                         .arg(wish.from)
                         .arg(wish.to)
                         .toStdString());
}

bool StageAnimation::advance() {
  if (drawn_ == pictures()) return false;
  const std::int64_t step = steps_[static_cast<std::size_t>(drawn_)];
  model_.held = model_.time_of_step(step);
  const bool last = ++drawn_ == pictures();
  const QImage picture = figure_image(model_, look_, model_.stage_figure(), size_);
  file_.add(picture, (last ? kLastMs : wish_.milliseconds) / 10);
  return !last;
}

void StageAnimation::write(const QString& file) {
  while (advance()) continue;
  const QByteArray content = finish();
  write_carefully(file.toStdString(), {content.constData(), static_cast<std::size_t>(content.size())});
}

}  // namespace grapevine
