// The two palettes.
#include "ui/panels/window_theme.h"

#include <QApplication>
#include <QPainter>
#include <QPixmap>
#include <QProxyStyle>
#include <QStyleOption>

namespace grapevine {
namespace {

// One source for the window and the figures in it.
struct Shades {
  QColor window, base, alternate, button, text, quiet, highlight, on_highlight, border;
};

QColor of(Colour colour) {
  return QColor::fromRgb(red_of(colour), green_of(colour), blue_of(colour));
}

Shades shades(bool dark) {
  const Theme& theme = dark ? dark_theme() : light_theme();
  return {
      .window = of(theme.window),
      // In the dark a field has to be lighter than what it lies on, or nobody sees its edge.
      .base = of(dark ? mixed(theme.plot, theme.control, 0.55) : theme.plot),
      .alternate = of(dark ? mixed(theme.plot, theme.control, 0.3) : mixed(theme.plot, theme.window, 0.5)),
      .button = of(mixed(theme.plot, theme.control, 0.5)),
      .text = of(theme.text),
      .quiet = of(theme.muted),
      .highlight = of(theme.accent),
      .on_highlight = of(theme.on_accent),
      .border = of(theme.border)};
}

// What a palette can't say: quieter dock titles, tool tips that follow the theme, headers without boxes.
QString sheet(const Shades& s) {
  return QString::fromLatin1(
             "QDockWidget::title { padding: 5px 8px; background: %1; border-bottom: 1px solid %2; }"
             "QToolTip { color: %3; background: %4; border: 1px solid %2; padding: 4px; }"
             "QToolBar { border: 0; border-bottom: 1px solid %2; padding: 3px 6px; spacing: 3px; }"
             "QStatusBar { border-top: 1px solid %2; } QStatusBar::item { border: 0; }"
             "QMainWindow::separator { background: %2; width: 1px; height: 1px; }"
             "QMainWindow::separator:hover { background: %5; }"
             "QHeaderView::section { background: %1; color: %6; border: 0; border-bottom: 1px solid %2;"
             " border-right: 1px solid %2; padding: 3px 6px; }"
             "QTableView { border: 0; gridline-color: %2; }")
      .arg(s.window.name(), s.border.name(), s.text.name(), s.base.name(), s.highlight.name(),
           s.quiet.name());
}

/// Fusion outlines boxes and fields in a shade of the window: in the dark nobody sees it.
class WindowStyle : public QProxyStyle {
 public:
  WindowStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override {
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (!is_dark(option->palette)) return;
    if (element == PE_IndicatorCheckBox)
      outline(*painter, QRectF(option->rect).adjusted(1, 1, -1, -1),
              option->palette.color(QPalette::PlaceholderText));
    if (element == PE_FrameLineEdit) outline(*painter, option->rect, edge_of(*option));
  }

  void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                          const QWidget* widget) const override {
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    if (!is_dark(option->palette)) return;
    const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
    const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if ((control == CC_SpinBox && spin && spin->frame) || (control == CC_ComboBox && combo && combo->frame))
      outline(*painter, option->rect, edge_of(*option));
  }

 private:
  static QColor edge_of(const QStyleOption& option) {
    if (!(option.state & State_Enabled)) return of(dark_theme().border);
    return option.state & State_HasFocus ? option.palette.color(QPalette::Highlight) : of(dark_theme().tick);
  }

  static void outline(QPainter& painter, const QRectF& around, const QColor& colour) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colour);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(around.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter.restore();
  }
};

}  // namespace

QPalette theme_palette(bool dark) {
  const Shades s = shades(dark);
  QPalette palette;
  palette.setColor(QPalette::Window, s.window);
  palette.setColor(QPalette::WindowText, s.text);
  palette.setColor(QPalette::Base, s.base);
  palette.setColor(QPalette::AlternateBase, s.alternate);
  palette.setColor(QPalette::Text, s.text);
  palette.setColor(QPalette::PlaceholderText, s.quiet);
  palette.setColor(QPalette::Button, s.button);
  palette.setColor(QPalette::ButtonText, s.text);
  palette.setColor(QPalette::ToolTipBase, s.base);
  palette.setColor(QPalette::ToolTipText, s.text);
  palette.setColor(QPalette::BrightText, Qt::white);
  palette.setColor(QPalette::Highlight, s.highlight);
  palette.setColor(QPalette::HighlightedText, s.on_highlight);
  palette.setColor(QPalette::Link, s.highlight);
  palette.setColor(QPalette::LinkVisited, s.highlight);
  const QColor border = s.border;
  palette.setColor(QPalette::Light, s.base.lighter(dark ? 140 : 100));
  palette.setColor(QPalette::Midlight, border.lighter(dark ? 110 : 108));
  palette.setColor(QPalette::Mid, border);
  palette.setColor(QPalette::Dark, border.darker(dark ? 120 : 130));
  palette.setColor(QPalette::Shadow, dark ? QColor(0, 0, 0) : QColor(120, 126, 135));
  const QColor off = dark ? QColor(0x6f, 0x77, 0x83) : QColor(0x8d, 0x95, 0xa1);
  for (const QPalette::ColorRole role :
       {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText})
    palette.setColor(QPalette::Disabled, role, off);
  palette.setColor(QPalette::Disabled, QPalette::Base, dark ? s.alternate : s.window);
  palette.setColor(QPalette::Disabled, QPalette::Highlight, border);
  return palette;
}

void apply_theme(QApplication& app, bool dark) {
  app.setStyle(new WindowStyle);
  app.setPalette(theme_palette(dark));
  app.setStyleSheet(sheet(shades(dark)));
}

bool is_dark(const QPalette& palette) {
  return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

const Theme& theme_of(const QPalette& palette) {
  return is_dark(palette) ? dark_theme() : light_theme();
}

QIcon swatch(Colour colour) {
  QPixmap square(12, 12);
  square.fill(of(colour));
  QIcon icon;
  // Said for each of them: what is missing is made of the normal one, tinted.
  for (const QIcon::Mode mode : {QIcon::Normal, QIcon::Active, QIcon::Selected, QIcon::Disabled})
    icon.addPixmap(square, mode);
  return icon;
}

QColor tone_colour(Tone tone, bool dark) {
  switch (tone) {
    case Tone::problem:
      return dark ? QColor(0xff, 0x8a, 0x80) : QColor(0xb3, 0x26, 0x1e);
    case Tone::warning:
      return dark ? QColor(0xf2, 0xc0, 0x5c) : QColor(0x85, 0x58, 0x00);
    case Tone::good:
      return dark ? QColor(0x7f, 0xd3, 0x9b) : QColor(0x1a, 0x70, 0x3c);
    case Tone::quiet:
      break;
  }
  return shades(dark).quiet;
}

}  // namespace grapevine
