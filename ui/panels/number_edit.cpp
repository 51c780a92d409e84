// One line for a number.
#include "ui/panels/number_edit.h"

#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QRegularExpression>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "engine/error.h"
#include "ui/panels/shown_locale.h"

namespace grapevine {
namespace {

bool is_whole(const Setting& setting) {
  return setting.kind == Kind::integer || setting.kind == Kind::integer_or_auto ||
         setting.kind == Kind::count_or_share;
}

/// As files spell it: with a point, whatever the user's locale has.
QString spelled(const QString& text) {
  return with_point(text);
}

QString shown(QString text) {
  const QString point = QLocale().decimalPoint();
  return point == QLatin1String(".") ? text : text.replace(QLatin1Char('.'), point);
}

QString meaning_of_zero(const Setting& setting) {
  static const QRegularExpression told(QStringLiteral("\\b0 = ([^;,.)]+)"));
  return told.match(QString::fromStdString(setting.help)).captured(1);
}

}  // namespace

double next_on_ladder(double value, bool up) {
  const double decade = std::floor(std::log10(value) + 1e-9);
  const double unit = std::pow(10.0, decade);
  const double lead = value / unit;
  constexpr double close = 1e-6;
  if (up) {
    for (const double rung : {2.0, 5.0})
      if (lead < rung - close) return rung * unit;
    return 10 * unit;
  }
  for (const double rung : {5.0, 2.0, 1.0})
    if (lead > rung + close) return rung * unit;
  return 0.5 * unit;
}

NumberEdit::NumberEdit(const Setting& setting, QWidget* parent)
    : QAbstractSpinBox(parent), setting_(setting), meaning_(new QLabel(lineEdit())) {
  setFocusPolicy(Qt::StrongFocus);
  setKeyboardTracking(true);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(lineEdit(), &QLineEdit::textEdited, this, &NumberEdit::text_edited);
  connect(this, &QAbstractSpinBox::editingFinished, this, &NumberEdit::commit);
  meaning_->setText(meaning_of_zero(setting_));
  meaning_->setAttribute(Qt::WA_TransparentForMouseEvents);
  meaning_->setForegroundRole(QPalette::PlaceholderText);
  connect(lineEdit(), &QLineEdit::textChanged, this, &NumberEdit::show_meaning);
}

QString NumberEdit::number_text() const {
  return spelled(lineEdit()->text().trimmed());
}

void NumberEdit::set_number_text(const QString& text) {
  lineEdit()->setText(shown(text));
  committed_text_ = text;
}

void NumberEdit::commit() {
  if (number_text() == committed_text_) return;
  committed_text_ = number_text();
  Q_EMIT committed();
}

void NumberEdit::stepBy(int steps) {
  bool is_number = false;
  double value = number_text().toDouble(&is_number);
  if (!is_number) return;
  QString text;
  if (is_whole(setting_)) {
    const auto whole = static_cast<std::int64_t>(value) + steps;
    value = std::clamp(static_cast<double>(whole), setting_.low, setting_.high);
    text = QString::number(static_cast<qlonglong>(value));
  } else {
    const bool rate = setting_.open_low || setting_.high > 1;
    for (int i = 0; i < std::abs(steps); ++i) {
      if (!rate)
        value = (std::floor(value / 0.05 + (steps > 0 ? 1 + 1e-9 : 1e-9)) - (steps > 0 ? 0 : 1)) * 0.05;
      else if (value > 0)
        value = next_on_ladder(value, steps > 0);
      else if (steps > 0)
        value = 1e-4;
    }
    text = QString::number(std::clamp(value, setting_.low, setting_.high), 'g', 6);
  }
  int position = 0;
  if (validate(text, position) != QValidator::Acceptable) return;
  lineEdit()->setText(shown(text));
  Q_EMIT text_edited();
  commit();
}

QValidator::State NumberEdit::validate(QString& text, int&) const {
  try {
    parse_value(setting_, spelled(text.trimmed()).toStdString());
    return QValidator::Acceptable;
  } catch (const Error&) {
    return QValidator::Intermediate;  // may be typed; the form says what is wrong with it
  }
}

QAbstractSpinBox::StepEnabled NumberEdit::stepEnabled() const {
  bool is_number = false;
  const double value = number_text().toDouble(&is_number);
  StepEnabled enabled = StepNone;
  if (!is_number) return enabled;
  if (value < setting_.high) enabled |= StepUpEnabled;
  if (value > setting_.low) enabled |= StepDownEnabled;
  return enabled;
}

// A form that scrolls must not change numbers under the pointer.
void NumberEdit::wheelEvent(QWheelEvent* event) {
  if (hasFocus())
    QAbstractSpinBox::wheelEvent(event);
  else
    event->ignore();
}

void NumberEdit::resizeEvent(QResizeEvent* event) {
  QAbstractSpinBox::resizeEvent(event);
  show_meaning();
}

void NumberEdit::show_meaning() {
  const int taken = fontMetrics().horizontalAdvance(QLatin1Char('0')) + 12;
  const QSize size = meaning_->sizeHint();
  meaning_->setGeometry(taken, 0, size.width(), lineEdit()->height());
  meaning_->setVisible(number_text() == QLatin1String("0") && taken + size.width() <= lineEdit()->width());
}

QSize NumberEdit::sizeHint() const {
  const int width = fontMetrics().horizontalAdvance(QStringLiteral("0000000000")) + 30;
  return {width, lineEdit()->sizeHint().height() + 2};
}

QSize NumberEdit::minimumSizeHint() const {
  return {fontMetrics().horizontalAdvance(QStringLiteral("00000")) + 30, sizeHint().height()};
}

}  // namespace grapevine
