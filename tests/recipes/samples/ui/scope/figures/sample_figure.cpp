// A sample of a figure: the newest loss of each run as a line of text. Drawn by tests/recipes.
#include "ui/scope/figures/figure_common.h"

namespace grapevine {
namespace {

class LossInWords : public Figure {
 public:
  std::vector<std::string> lines;
  void draw(Painter& painter, const Theme& theme) const override {
    draw_header(painter, theme);
    Point at = {plot().x, plot().y + 10};
    for (const std::string& line : lines) {
      painter.text(at, line, {theme.text, TextSize::small, AlignX::left, AlignY::middle});
      at.y += 16;
    }
  }
};

class SampleFigure : public FigureEntry {
 public:
  using FigureEntry::FigureEntry;
  std::unique_ptr<Figure> build(const ScopeModel& model, ScopeLook& look,
                                const FigurePlace& place) const override {
    auto figure = std::make_unique<LossInWords>();
    fill_common(model, look, place, *figure);
    for (const Racer& racer : model.racers())
      if (const Series* loss = racer.run->find("loss", 0); loss && loss->size() > 0)
        figure->lines.push_back(racer.label + ": " + std::to_string(loss->value.back()));
    return figure;
  }
  void add_rows(const ScopeModel&, int, const Racer& racer, bool,
                std::vector<FigureRow>& rows) const override {
    if (const Series* loss = racer.run->find("loss", 0); loss && loss->size() > 0)
      rows.push_back({racer.label, "loss", 0, loss->step.back(), loss->epoch.back(), loss->seconds.back(),
                      loss->value.back()});
  }
  QStringList explanation(const FigureState&) const override { return {"The newest loss of each run."}; }
};

}  // namespace

const FigureEntry& sample_figure_figure() {
  static const SampleFigure entry({.key = "sample_figure", .title = "Loss in words", .leaves = 1});
  return entry;
}

}  // namespace grapevine
