#include "ui/panels/slow_motion/rehearsal_page.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>
#include <cmath>

namespace grapevine {
namespace {

QString safe(const std::string& text) {
  return QString::fromStdString(text).toHtmlEscaped();
}

/// With every number in one piece at a line's end: a word joiner on both sides of its point, behind its sign.
QString in_pieces(QString text) {
  static const QChar joiner(0x2060);
  text.replace(QRegularExpression(QStringLiteral("(?<=[0-9])\\.(?=[0-9])")),
               joiner + QLatin1Char('.') + joiner);
  return text.replace(QRegularExpression(QStringLiteral("(?<=[(])−(?=[0-9])")),
                      QChar(0x2212) + QString(joiner));
}

QString quiet(const QString& text, const QPalette& palette) {
  return QStringLiteral("<span style='color:%1'>%2</span>")
      .arg(palette.color(QPalette::PlaceholderText).name(), text);
}

/// A row: name = arithmetic = value.
QString row_of(const WorkedNumber& number, const QPalette& palette, bool hidden, bool newest) {
  const QString name = safe(number.name);
  if (hidden) return QStringLiteral("<tr><td>%1</td><td></td><td align=right>·</td></tr>").arg(name);
  const QString how = number.arithmetic.empty()
                          ? quiet(QCoreApplication::translate("grapevine::RehearsalPage", "given"), palette)
                          : QStringLiteral("= %1").arg(in_pieces(safe(number.arithmetic)));
  const QString value = in_numbers(number.value);
  if (!newest)
    return QStringLiteral("<tr><td>%1</td><td>%2</td><td align=right><b>%3</b></td></tr>")
        .arg(name, how, value);
  return QStringLiteral(
             "<tr bgcolor='%4'><td><a name='newest'></a>%1</td><td>%2</td><td "
             "align=right><b>%3</b></td></tr>")
      .arg(name, how, value, palette.color(QPalette::AlternateBase).name());
}

}  // namespace

QString in_numbers(double value) {
  if (!std::isfinite(value)) return QCoreApplication::translate("grapevine::RehearsalPage", "not a number");
  const double size = std::abs(value);
  const QLocale locale;
  QString text = size == 0 || size >= 1e-3 ? locale.toString(value, 'f', 4) : locale.toString(value, 'g', 3);
  return text.replace(QLatin1Char('-'), QChar(0x2212));
}

std::size_t count_of_numbers(const Rehearsal& step) {
  std::size_t count = 0;
  for (const RehearsedPhase& phase : step.phases) count += phase.numbers.size();
  return count;
}

std::size_t phase_of_number(const Rehearsal& step, std::size_t index) {
  std::size_t before = 0;
  for (std::size_t i = 0; i < step.phases.size(); ++i) {
    before += step.phases[i].numbers.size();
    if (index < before) return i;
  }
  return step.phases.empty() ? 0 : step.phases.size() - 1;
}

QString phase_page(const Rehearsal& step, std::size_t index, const QPalette& palette) {
  if (index >= step.phases.size()) return {};
  const RehearsedPhase& phase = step.phases[index];
  QString html = QStringLiteral("<p>%1</p><p style='font-size:large'><b>%2</b></p><p>%3</p>")
                     .arg(safe(phase.words), safe(phase.formula), quiet(safe(phase.shapes), palette));
  if (phase.numbers.empty())
    return html +
           QStringLiteral("<p>%1</p>")
               .arg(quiet(QCoreApplication::translate("grapevine::RehearsalPage",
                                                      "This layer is made of parts whose arithmetic is "
                                                      "too long to be written out."),
                          palette));
  html += QStringLiteral("<table cellspacing=0 cellpadding=4 width='100%'>");
  for (const WorkedNumber& number : phase.numbers) html += row_of(number, palette, false, false);
  return html + QStringLiteral("</table>");
}

QString whole_page(const Rehearsal& step, std::size_t revealed, const QPalette& palette) {
  QString html;
  std::size_t at = 0;
  for (const RehearsedPhase& phase : step.phases) {
    html += QStringLiteral("<p><b>%1</b> &nbsp; %2</p><table cellspacing=0 cellpadding=2 width='100%'>")
                .arg(safe(phase.title), safe(phase.formula));
    for (const WorkedNumber& number : phase.numbers) {
      html += row_of(number, palette, at >= revealed, at + 1 == revealed);
      ++at;
    }
    html += QStringLiteral("</table>");
  }
  return html;
}

}  // namespace grapevine
