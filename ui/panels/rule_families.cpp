// Learning rules by families.
#include "ui/panels/rule_families.h"

#include <QCoreApplication>
#include <QPainter>
#include <array>

#include "engine/experiment/registry.h"
#include "ui/plot/dial.h"
#include "ui/plot/qpainter_painter.h"

namespace grapevine {
namespace {

constexpr std::array kFamilies = {RuleFamily::exact, RuleFamily::transport, RuleFamily::direct,
                                  RuleFamily::direct_learning, RuleFamily::no_feedback};

constexpr double kWidth = 30, kHeight = 22;
constexpr Rect kOutput = {5, 1, 10, 4};
constexpr std::array<Rect, 2> kLayers = {Rect{5, 9, 10, 4}, Rect{5, 17, 10, 4}};

QString say(const char* text) {
  return QCoreApplication::translate("grapevine::RuleFamilies", text);
}

void draw_down(Painter& painter, Colour ink, Dash dash) {
  for (const Rect& layer : kLayers) {
    const std::array<Point, 2> ends = {Point{10, layer.y - 4}, Point{10, layer.y}};
    draw_arrow(painter, ends, 1.6, ink, dash);
  }
}

void draw_arcs(Painter& painter, Colour ink, double width) {
  double lane = 20;
  for (const Rect& layer : kLayers) {
    const double y = layer.centre().y;
    const std::array<Point, 4> corners = {Point{kOutput.right(), kOutput.centre().y},
                                          Point{lane, kOutput.centre().y}, Point{lane, y},
                                          Point{layer.right() + 1, y}};
    draw_arrow(painter, rounded_path(corners, 3), width, ink);
    lane += 6;
  }
}

}  // namespace

std::span<const RuleFamily> rule_families() {
  return kFamilies;
}

RuleFamily family_of(const RuleDescriptor& rule) {
  switch (rule.look.route) {
    case FeedbackRoute::backward:
      return RuleFamily::exact;
    case FeedbackRoute::transport:
      return RuleFamily::transport;
    case FeedbackRoute::direct: {
      // A rule belongs with the one whose hue it has: theirs learn, or theirs stay.
      const RuleDescriptor* head = rule.look.family.empty() ? &rule : find_rule(rule.look.family);
      return head && head->has_estimate ? RuleFamily::direct_learning : RuleFamily::direct;
    }
    case FeedbackRoute::input:
    case FeedbackRoute::forward:
    case FeedbackRoute::local:
      break;
  }
  return RuleFamily::no_feedback;
}

QString title_of_family(RuleFamily family) {
  switch (family) {
    case RuleFamily::exact:
      return say(QT_TRANSLATE_NOOP("grapevine::RuleFamilies", "Exact"));
    case RuleFamily::transport:
      return say(QT_TRANSLATE_NOOP("grapevine::RuleFamilies", "Weights that transport"));
    case RuleFamily::direct:
      return say(QT_TRANSLATE_NOOP("grapevine::RuleFamilies", "Direct from the error"));
    case RuleFamily::direct_learning:
      return say(QT_TRANSLATE_NOOP("grapevine::RuleFamilies", "Direct and learning"));
    case RuleFamily::no_feedback:
      break;
  }
  return say(QT_TRANSLATE_NOOP("grapevine::RuleFamilies", "No feedback"));
}

QString help_of_family(RuleFamily family) {
  switch (family) {
    case RuleFamily::exact:
      return say(QT_TRANSLATE_NOOP("grapevine::RuleFamilies",
                                   "Errors go down through the transposed weights: the gradient itself."));
    case RuleFamily::transport:
      return say(QT_TRANSLATE_NOOP(
          "grapevine::RuleFamilies",
          "Errors go down from layer to layer through other weights than those of the forward pass."));
    case RuleFamily::direct:
      return say(QT_TRANSLATE_NOOP("grapevine::RuleFamilies",
                                   "The output's error goes to each layer at once through a fixed matrix."));
    case RuleFamily::direct_learning:
      return say(QT_TRANSLATE_NOOP(
          "grapevine::RuleFamilies",
          "The output's error goes to each layer at once through a matrix that learns to align."));
    case RuleFamily::no_feedback:
      break;
  }
  return say(
      QT_TRANSLATE_NOOP("grapevine::RuleFamilies",
                        "No error is sent to the layers: they learn from passes or goals of their own."));
}

QPixmap drawing_of_family(RuleFamily family, const QPalette& palette, double pixel_ratio) {
  QPixmap pixmap((QSizeF(kWidth, kHeight) * pixel_ratio).toSize());
  pixmap.setDevicePixelRatio(pixel_ratio);
  pixmap.fill(Qt::transparent);
  QPainter qt(&pixmap);
  QPainterPainter figure(qt);
  Painter& painter = figure;
  const auto ink = static_cast<Colour>(palette.color(QPalette::WindowText).rgba());
  const auto edge = static_cast<Colour>(palette.color(QPalette::PlaceholderText).rgba());
  painter.fill_rect(kOutput, ink, 1);
  for (const Rect& layer : kLayers) painter.stroke_rect(layer, edge, 1, 1);
  switch (family) {
    case RuleFamily::exact:
      draw_down(painter, ink, Dash::solid);
      break;
    case RuleFamily::transport:
      draw_down(painter, edge, Dash::solid);
      break;
    case RuleFamily::direct:
      draw_arcs(painter, edge, 1.2);
      break;
    case RuleFamily::direct_learning:
      draw_arcs(painter, ink, 1.8);
      break;
    case RuleFamily::no_feedback:
      for (const Rect& layer : kLayers) {
        const std::array<Point, 4> loop = {Point{layer.right(), layer.bottom() - 1},
                                           Point{21, layer.bottom() - 1}, Point{21, layer.y + 1},
                                           Point{layer.right() + 1, layer.y + 1}};
        draw_arrow(painter, rounded_path(loop, 1), 1, ink);
      }
      break;
  }
  return pixmap;
}

}  // namespace grapevine
