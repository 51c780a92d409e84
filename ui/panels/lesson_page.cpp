#include "ui/panels/lesson_page.h"

#include <QCoreApplication>
#include <QLocale>
#include <QPalette>
#include <QRegularExpression>
#include <utility>

#include "engine/lessons/conditions.h"
#include "ui/panels/window_theme.h"

namespace grapevine {
namespace {

/// "δ_l", "h_{l−1}" with their subscripts as such; a key such as cos_b_j stays.
QString with_subscripts(QString html) {
  static const QRegularExpression subscript(
      QStringLiteral("(?<![A-Za-z0-9_])(\\p{L}[\\x{0300}-\\x{036f}\u2032]*)_(?:\\{([^{}]{1,12})\\}|([\\p{L}0-"
                     "9])(?![A-Za-z0-9_]))"));
  return html.replace(subscript, QStringLiteral("\\1<sub>\\2\\3</sub>"));
}

std::string in_locale(double value, int digits) {
  return QLocale().toString(value, 'f', digits).toStdString();
}

class Page {
  Q_DECLARE_TR_FUNCTIONS(grapevine::LessonPage)

 public:
  Page(const Course& course, const LessonRuns& runs, const QPalette& palette)
      : course_(course), runs_(runs), dark_(is_dark(palette)) {}

  QString html(bool with_hints) {
    const LessonStep& step = course_.step();
    text_ = QStringLiteral("<h2>%1</h2>").arg(escaped(step.title));
    for (const LessonText& text : step.text) paragraph(text_of(text, runs_, in_locale));
    formulas();
    if (step.question) text_ += QStringLiteral("<p><b>%1</b></p>").arg(escaped(step.question->text));
    answer();
    conditions();
    if (course_.is_done(course_.position()))
      for (const LessonText& text : step.seen) paragraph(text_of(text, runs_, in_locale));
    if (with_hints)
      for (const std::string& hint : step.hints)
        text_ += QStringLiteral("<p><i>%1</i></p>").arg(tr("Hint: %1").arg(escaped(hint)));
    return text_;
  }

 private:
  static QString escaped(const std::string& text) {
    QString html = QString::fromStdString(text).toHtmlEscaped();
    html.replace(QLatin1String(" %"), QStringLiteral("&nbsp;%"));
    html.replace(QLatin1String("cos(B, "), QStringLiteral("cos(B,&nbsp;"));
    html.replace(QStringLiteral(" × "), QStringLiteral("&nbsp;×&nbsp;"));
    return with_subscripts(std::move(html));
  }
  /// A line of equations that stand apart is broken between them, rather than within one.
  static QString unbroken(const std::string& formula) {
    constexpr int short_enough = 32;
    static const QRegularExpression apart(QStringLiteral(" {3,}"));
    QStringList equations;
    for (const QString& equation : QString::fromStdString(formula).split(apart)) {
      QString html = escaped(equation.toStdString());
      html.replace(QLatin1String("  "), QStringLiteral("&nbsp;&nbsp;"));
      if (equation.size() <= short_enough) html.replace(QLatin1Char(' '), QStringLiteral("&nbsp;"));
      equations << html;
    }
    return equations.join(QStringLiteral("&nbsp;&nbsp;&nbsp; "));
  }
  QString colour(Tone tone) const { return tone_colour(tone, dark_).name(); }

  void paragraph(const std::string& text) { text_ += QStringLiteral("<p>%1</p>").arg(escaped(text)); }

  void formulas() {
    if (course_.step().formulas.empty()) return;
    QStringList lines;
    for (const std::string& formula : course_.step().formulas) lines << unbroken(formula);
    text_ += QStringLiteral("<p style=\"margin-left:14px\">%1</p>").arg(lines.join(QStringLiteral("<br>")));
  }

  void answer() {
    const auto& given = course_.answer_of(course_.position());
    if (!given || !course_.step().question) return;
    const LessonQuestion& question = *course_.step().question;
    const LessonText& says =
        given->choice >= 0 ? question.choices[static_cast<std::size_t>(given->choice)].says : question.says;
    QString words = given->right ? tr("Right.") : tr("Not so.");
    if (given->choice >= 0 || given->right)
      words += QLatin1Char(' ') + escaped(text_of(says, runs_, in_locale));
    text_ += QStringLiteral("<p><span style=\"color:%1\">%2</span></p>")
                 .arg(colour(given->right ? Tone::good : Tone::warning), words);
  }

  void conditions() {
    const auto& until = course_.step().until;
    if (until.empty()) return;
    QStringList lines;
    for (std::size_t i = 0; i < until.size(); ++i) {
      const bool met = course_.is_met(course_.position(), i);
      const auto at = course_.met_step(course_.position(), i);
      QString line = (met ? QStringLiteral("✓ ") : QStringLiteral("○ ")) +
                     escaped(words_of(until[i], course_.lesson(), in_locale));
      if (at) line += QLatin1Char(' ') + tr("(step %1)").arg(*at);
      lines << QStringLiteral("<span style=\"color:%1\">%2</span>")
                   .arg(colour(met ? Tone::good : Tone::quiet), line);
    }
    text_ += QStringLiteral("<p>%1</p>").arg(lines.join(QStringLiteral("<br>")));
  }

  const Course& course_;
  const LessonRuns& runs_;
  const bool dark_;
  QString text_;
};

}  // namespace

QString lesson_page(const Course& course, const LessonRuns& runs, bool with_hints, const QPalette& palette) {
  return Page(course, runs, palette).html(with_hints);
}

}  // namespace grapevine
