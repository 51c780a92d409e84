// The stage as a figure: one column per racer, one dial per layer.
#include <algorithm>

#include "ui/plot/figure_words.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/figures/stage_build.h"

namespace grapevine {
namespace {

constexpr double kHead = 260;  ///< all but its rows of boxes
constexpr double kRow = 112;   ///< of boxes as large as they are drawn at best

class Stage : public FigureEntry {
 public:
  using FigureEntry::FigureEntry;

  double wished_height(const ScopeModel& model) const override {
    int most = 2;
    for (const Racer& racer : model.racers())
      most = std::max(most, racer.run->points_of(measure_index(needle_measure(Needle::update).key)));
    return kHead + kRow * (most - 1);
  }

  std::unique_ptr<Figure> build(const ScopeModel& model, ScopeLook& look,
                                const FigurePlace& place) const override {
    auto figure = build_stage(model, look, place);
    // Scrubbing jumps from one measured time to the next.
    if (look.now && !model.stage_time())
      look.needles.move(figure->data, *look.now);
    else
      look.needles.forget();
    return figure;
  }

  /// Every measure's value at the time shown.
  void add_rows(const ScopeModel& model, int, const Racer& racer, bool,
                std::vector<FigureRow>& rows) const override {
    const auto when = model.stage_time_of(static_cast<int>(&racer - model.racers().data()));
    int points = 0;
    for (const auto& [key, series] : racer.run->series) points = std::max(points, key.second);
    for (int point = 1; point <= points; ++point) {
      for (const StageNumber& number : stage_numbers(*racer.run, when.axis, when.time, point)) {
        const Series& series = *racer.run->find(number.measure, point);
        const auto at = static_cast<std::size_t>(
            std::lower_bound(series.step.begin(), series.step.end(), number.step) - series.step.begin());
        rows.push_back({racer.label, measures()[static_cast<std::size_t>(number.measure)].key, point,
                        number.step, series.epoch[at], series.seconds[at], number.value});
      }
    }
  }

  QString summary(const ScopeModel& model, int) const override {
    return QString::fromStdString(stage_sentence(model));
  }

  QStringList explanation(const FigureState&) const override {
    return {QObject::tr(
                "One column per rule, one dial per layer. A needle is upright where the rule's signal points "
                "along the exact gradient, level where it says nothing about it, and down where it points "
                "away; the fan holds the middle 80 % of samples, the grey band what random signals do."),
            QObject::tr("Arrows take feedback's way: pale where its matrices are not aligned, wide where the "
                        "signal is long. A ring marks an exact step, dashed needles what it found.")};
  }
};

}  // namespace

const FigureEntry& stage_figure() {
  static const Stage entry({.key = "stage",
                            .title = QT_TRANSLATE_NOOP("grapevine::Figures", "Where feedback points"),
                            .handling = FigureHandling::places,
                            .alone = {1300, 620},
                            .as_seen = true});
  return entry;
}

}  // namespace grapevine
