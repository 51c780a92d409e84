// The figure of scores: accuracy, and a language model's perplexity.
#include "ui/plot/figure_words.h"
#include "ui/scope/figures/line_entry.h"

namespace grapevine {
namespace {

class Accuracy : public RunLines {
 public:
  using RunLines::RunLines;
  bool offers(const MeasureDescriptor& measure) const override {
    return !measure.per_point && measure.quantity != Quantity::cosine && is_score(measure);
  }
  bool beneath_stage(const RowBeneath&) const override { return true; }
};

}  // namespace

const FigureEntry& accuracy_figure() {
  static const Accuracy entry({.key = "accuracy",
                               .title = QT_TRANSLATE_NOOP("grapevine::Figures", "Accuracy"),
                               .leaves = 4,
                               .left = true,
                               .title_menu = true,
                               .height_moves = true});
  return entry;
}

}  // namespace grapevine
