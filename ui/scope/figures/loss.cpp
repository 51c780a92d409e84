// The figure of losses, and of whatever else is measured of a whole run and is not a score.
#include "ui/plot/figure_words.h"
#include "ui/scope/figures/line_entry.h"

namespace grapevine {
namespace {

class Loss : public RunLines {
 public:
  using RunLines::RunLines;
  bool offers(const MeasureDescriptor& measure) const override {
    return !measure.per_point && measure.quantity != Quantity::cosine && !is_score(measure);
  }
  bool beneath_stage(const RowBeneath& row) const override { return !row.panels; }

 protected:
  FigureSwitch switch_without_measure() const override { return FigureSwitch::log; }
};

}  // namespace

const FigureEntry& loss_figure() {
  static const Loss entry({.key = "loss",
                           .title = QT_TRANSLATE_NOOP("grapevine::Figures", "Loss"),
                           .leaves = 4,
                           .left = true,
                           .title_menu = true,
                           .height_moves = true});
  return entry;
}

}  // namespace grapevine
