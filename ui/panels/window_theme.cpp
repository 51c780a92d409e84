// The two palettes.
#include "ui/panels/window_theme.h"

#include <QApplication>
#include <QStyleFactory>

namespace grapevine {
namespace {

struct Shades {
  const char *window, *base, *alternate, *button, *text, *quiet, *highlight, *link, *border;
};
constexpr Shades light_shades{"#f3f4f6", "#ffffff", "#f7f8fa", "#fbfbfc", "#1c2127",
                              "#6a7280", "#2f6fde", "#1d5fd0", "#cdd2d9"};
constexpr Shades dark_shades{"#202327", "#17191c", "#1c1f23", "#2b2f35", "#e4e7eb",
                             "#949ca8", "#3d7be0", "#7fb0ff", "#3b4048"};

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
      .arg(QLatin1String(s.window), QLatin1String(s.border), QLatin1String(s.text), QLatin1String(s.base),
           QLatin1String(s.highlight), QLatin1String(s.quiet));
}

}  // namespace

QPalette theme_palette(bool dark) {
  const Shades& s = dark ? dark_shades : light_shades;
  QPalette palette;
  palette.setColor(QPalette::Window, QColor(s.window));
  palette.setColor(QPalette::WindowText, QColor(s.text));
  palette.setColor(QPalette::Base, QColor(s.base));
  palette.setColor(QPalette::AlternateBase, QColor(s.alternate));
  palette.setColor(QPalette::Text, QColor(s.text));
  palette.setColor(QPalette::PlaceholderText, QColor(s.quiet));
  palette.setColor(QPalette::Button, QColor(s.button));
  palette.setColor(QPalette::ButtonText, QColor(s.text));
  palette.setColor(QPalette::ToolTipBase, QColor(s.base));
  palette.setColor(QPalette::ToolTipText, QColor(s.text));
  palette.setColor(QPalette::BrightText, Qt::white);
  palette.setColor(QPalette::Highlight, QColor(s.highlight));
  palette.setColor(QPalette::HighlightedText, Qt::white);
  palette.setColor(QPalette::Link, QColor(s.link));
  palette.setColor(QPalette::LinkVisited, QColor(s.link));
  const QColor border(s.border);
  palette.setColor(QPalette::Light, QColor(s.base).lighter(dark ? 140 : 100));
  palette.setColor(QPalette::Midlight, border.lighter(dark ? 110 : 108));
  palette.setColor(QPalette::Mid, border);
  palette.setColor(QPalette::Dark, border.darker(dark ? 120 : 130));
  palette.setColor(QPalette::Shadow, dark ? QColor(0, 0, 0) : QColor(120, 126, 135));
  const QColor off = dark ? QColor(0x6f, 0x77, 0x83) : QColor(0x8d, 0x95, 0xa1);
  for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, off);
  palette.setColor(QPalette::Disabled, QPalette::Base, QColor(s.window));
  palette.setColor(QPalette::Disabled, QPalette::Highlight, border);
  return palette;
}

void apply_theme(QApplication& app, bool dark) {
  app.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  app.setPalette(theme_palette(dark));
  app.setStyleSheet(sheet(dark ? dark_shades : light_shades));
}

bool is_dark(const QPalette& palette) {
  return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
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
  return QColor(dark ? dark_shades.quiet : light_shades.quiet);
}

}  // namespace grapevine
