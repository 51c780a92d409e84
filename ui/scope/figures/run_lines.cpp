// Curves of whole runs: what the figures of accuracy and loss share.
#include <algorithm>

#include "ui/scope/figures/line_entry.h"

namespace grapevine {
namespace {

const MeasureDescriptor& measure_at(int index) {
  return measures()[static_cast<std::size_t>(index)];
}

}  // namespace

bool is_score(const MeasureDescriptor& measure) {
  return measure.quantity == Quantity::share || measure.quantity == Quantity::perplexity;
}

std::vector<int> RunLines::pick(const ScopeModel& model) const {
  // The curve on held-out data is the one to read; the batch's next to it is the one that moves first.
  const auto& all = measures();
  for (const Phase phase : {Phase::test, Phase::validation, Phase::train, Phase::batch, Phase::probe}) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const int index = static_cast<int>(i);
      if (!offers(all[i]) || all[i].phase != phase || all[i].key != key_in(phase, all[i].family)) continue;
      if (!model.measure_has_data(index, false)) continue;
      const int batch = measure_index(all[i].family);
      if (batch >= 0 && batch != index && model.measure_has_data(batch, false)) return {index, batch};
      return {index};
    }
  }
  return {};
}

std::string RunLines::title(const FigureState& state, ScopeView view) const {
  if (state.measures.empty()) return traits().title;
  std::string names = as_title(measure_at(state.measures.front()).name);
  if (view == ScopeView::stage) return names;
  for (std::size_t i = 1; i < state.measures.size(); ++i)
    names += " · " + measure_at(state.measures[i]).name + " (thin)";
  return names;
}

QString RunLines::newest(const FigureState& state, const Racer& racer) const {
  const Series* series = state.measures.empty() ? nullptr : racer.run->find(state.measures.front(), 0);
  if (!series || series->size() == 0) return {};
  return QString::fromStdString(measure_at(state.measures.front()).name) + ' ' +
         QString::number(series->value.back(), 'g', 3);
}

std::vector<LineSource> RunLines::sources(const ScopeModel& model, const ScopeLook& look,
                                          const FigureState& state, int) const {
  std::vector<LineSource> found;
  for (std::size_t r = 0; r < model.racers().size(); ++r) {
    const Racer& racer = model.racers()[r];
    if (!racer.visible) continue;
    const int index = static_cast<int>(r);
    // A curve of a few points carries no figure: until it does, the batches' is the one to see.
    const Series* first = state.measures.empty() ? nullptr : racer.run->find(state.measures.front(), 0);
    const bool sparse = !first || first->size() < 5;
    for (std::size_t m = state.measures.size(); m-- > 0;) {
      const Series* series = racer.run->find(state.measures[m], 0);
      if (!series || series->size() == 0) continue;
      // Beneath the stage there is room for one curve per run.
      if (m > 0 && first && first->size() > 1 && model.view == ScopeView::stage) continue;
      LineSource source;
      source.series = series;
      source.racer = index;
      source.name =
          state.measures.size() > 1 ? racer.label + " · " + measure_at(state.measures[m]).name : racer.label;
      source.stroke.colour =
          m == 0 || sparse ? look.colour_of(racer) : mixed(look.theme().plot, look.colour_of(racer), 0.6);
      source.stroke.width = m == 0 ? 2.0 : sparse ? 1.5 : 1.2;
      source.stroke.dash = model.dash_of(index);
      source.smoothing = model.smoothing_of(state.measures[m]);
      // The first measure's lines carry their names and last values.
      source.named = state.measures.size() < 2 || series == first;
      add_members(model, look, state.measures[m], source, found);
      add_error(*racer.run, state.measures[m], source);
      found.push_back(source);
    }
  }
  return found;
}

}  // namespace grapevine
