#include "ui/panels/start_card.h"

#include <QPainter>
#include <algorithm>
#include <utility>

#include "engine/runs/colours.h"
#include "ui/panels/window_theme.h"
#include "ui/plot/dial.h"
#include "ui/plot/qpainter_painter.h"
#include "ui/plot/theme.h"

namespace grapevine {
namespace {

constexpr int padding = 18, height_of_card = 168;
constexpr double dial = 13, dial_step = 34, column_step = 44;

/// Columns of dials, the input at the bottom, in the rules' colours; from the right edge to the left.
void draw_needles(QPainter& painter, const std::vector<LessonNeedles>& columns, const QRect& area,
                  const Theme& theme) {
  QPainterPainter figures(painter);
  double x = area.right() - column_step * static_cast<double>(columns.size()) + dial;
  for (const LessonNeedles& column : columns) {
    const Colour hue = rule_colour(hue_family(column.rule), 0, theme);
    double y = area.bottom() - dial;
    for (const double angle : column.angles) {
      const DialFace face{{x, y}, dial, 0};
      draw_dial_face(figures, theme, face);
      draw_needle(figures, face, angle, hue);
      y -= dial_step;
    }
    x += column_step;
  }
}

/// The ways that the racers' feedback takes, from the right edge to the left.
void draw_families(QPainter& painter, const std::vector<RuleFamily>& families, const QRect& area,
                   const QPalette& palette) {
  constexpr int gap = 8;
  int right = area.right();
  for (auto family = families.rbegin(); family != families.rend(); ++family) {
    const QPixmap drawing = drawing_of_family(*family, palette, painter.device()->devicePixelRatio());
    const QSize size = drawing.deviceIndependentSize().toSize();
    painter.drawPixmap(right - size.width(), area.bottom() - size.height(), drawing);
    right -= size.width() + gap;
  }
}

}  // namespace

StartCard::StartCard(StartCardText text, QWidget* parent) : QAbstractButton(parent), text_(std::move(text)) {
  setAccessibleName(text_.title);
  setAccessibleDescription(text_.summary);
  setCursor(Qt::PointingHandCursor);
  setAttribute(Qt::WA_Hover);
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setMinimumWidth(260);
  setFixedHeight(height_of_card);
}

QSize StartCard::sizeHint() const {
  return {380, height_of_card};
}

void StartCard::paintEvent(QPaintEvent*) {
  const Theme& theme = is_dark(palette()) ? dark_theme() : light_theme();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const bool marked = underMouse() || hasFocus();
  painter.setPen(QPen(palette().color(marked ? QPalette::Highlight : QPalette::Mid), marked ? 2 : 1));
  painter.setBrush(palette().color(QPalette::Base));
  painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);

  const QRect inner = rect().adjusted(padding, padding - 4, -padding, -padding + 6);
  std::size_t rows = 0;
  for (const LessonNeedles& column : text_.needles) rows = std::max(rows, column.angles.size());
  const int picture = static_cast<int>(column_step * static_cast<double>(text_.needles.size()));
  painter.setPen(palette().color(QPalette::Text));
  QFont face = font();
  face.setBold(true);
  face.setPointSizeF(face.pointSizeF() * 1.15);
  painter.setFont(face);
  QRect title(inner.left(), inner.top(), inner.width(), 1000);
  const int flags = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;
  // Four dials in a column reach into the title's line: the title stays next to them.
  if (rows > 3) title.setWidth(inner.width() - picture - 8);
  QRect used = painter.boundingRect(title, flags, text_.title);
  painter.drawText(used, flags, text_.title);
  painter.setFont(font());
  painter.setPen(tone_colour(Tone::quiet, theme.dark));
  const QRect summary(inner.left(), used.bottom() + 6, inner.width() - picture - 8,
                      inner.bottom() - used.bottom() - 30);
  painter.drawText(summary, flags, text_.summary);
  used = painter.boundingRect(inner, Qt::AlignLeft | Qt::AlignBottom, text_.foot);
  painter.drawText(used, Qt::AlignLeft | Qt::AlignBottom, text_.foot);
  face = font();
  face.setBold(true);
  painter.setFont(face);
  painter.setPen(palette().color(QPalette::Text));
  painter.drawText(QRect(used.right() + 20, inner.top(), inner.width(), inner.height()),
                   Qt::AlignLeft | Qt::AlignBottom, text_.mark);
  draw_needles(painter, text_.needles, inner, theme);
  draw_families(painter, text_.families, inner, palette());
}

}  // namespace grapevine
