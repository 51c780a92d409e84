// The scope's state: what the stage shows, and what is chosen on it.
#include <algorithm>

#include "ui/scope/figure_entry.h"
#include "ui/scope/figure_keys.h"

namespace grapevine {

int ScopeModel::stage_figure() const {
  for (std::size_t i = 0; i < figures_.size(); ++i)
    if (figures_[i].entry->traits().key == figure_keys::stage) return static_cast<int>(i);
  return -1;
}

std::vector<StageRacer> ScopeModel::stage_racers() const {
  std::vector<StageRacer> shown;
  for (std::size_t i = 0; i < racers_.size(); ++i) {
    const Racer& racer = racers_[i];
    if (!racer.visible) continue;
    // The network is reported when the run begins, which may be after its racer was shown.
    // A group has no events: its network is that of its runs.
    const RunData& told =
        racer.mean && !racer.mean->members.empty() ? *racer.mean->members.front() : *racer.run;
    if (sketches_[i].segments.empty() && !told.events.empty()) sketches_[i] = sketch_of(told);
    const int index = static_cast<int>(i);
    shown.push_back({index, racer.run.get(), &sketches_[i], racer.label, 0, racer.samples_per_step});
  }
  return shown;
}

void ScopeModel::walk(int columns, int up) {
  const StageData data = stage_data();
  std::vector<const StageColumn*> with_dials;
  for (const StageColumn& column : data.columns)
    if (!column.dials.empty()) with_dials.push_back(&column);
  if (with_dials.empty()) return;
  const auto now = std::find_if(with_dials.begin(), with_dials.end(), [&](const StageColumn* column) {
    return chosen_place && column->racer == chosen_place->racer;
  });
  if (now == with_dials.end()) {
    chosen_place = StagePlace{with_dials.front()->racer, static_cast<int>(with_dials.front()->dials.size())};
    return;
  }
  const auto last = static_cast<std::ptrdiff_t>(with_dials.size()) - 1;
  const auto next = std::clamp<std::ptrdiff_t>(now - with_dials.begin() + columns, 0, last);
  const StageColumn& column = *with_dials[static_cast<std::size_t>(next)];
  const int point = std::clamp(chosen_place->point + up, 1, static_cast<int>(column.dials.size()));
  chosen_place = StagePlace{column.racer, point};
}

}  // namespace grapevine
