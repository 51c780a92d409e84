#include "ui/scope/asking.h"

#include <QFontMetrics>
#include <QGuiApplication>
#include <QInputDialog>
#include <QLabel>

namespace grapevine {
namespace {

/// Of the frame: its icon, its buttons and their margins.
constexpr int buttons_in_a_frame = 160;

}  // namespace

std::unique_ptr<QInputDialog> make_question(const Question& question, QWidget* parent) {
  auto dialog = std::make_unique<QInputDialog>(parent);
  dialog->setWindowTitle(question.title);
  dialog->setLabelText(question.label);
  // The program's name goes behind the title, and frames mostly write in bold.
  QFont font = dialog->font();
  font.setBold(true);
  const QString whole =
      question.title + QStringLiteral(" \u2014 ") + QGuiApplication::applicationDisplayName();
  // The dialog is as wide as what is in it wants.
  if (auto* label = dialog->findChild<QLabel*>())
    label->setMinimumWidth(QFontMetrics(font).horizontalAdvance(whole) + buttons_in_a_frame);
  return dialog;
}

std::optional<double> ask_number(const Question& question, const NumberAsked& number, QWidget* parent) {
  const auto dialog = make_question(question, parent);
  dialog->setInputMode(number.decimals > 0 ? QInputDialog::DoubleInput : QInputDialog::IntInput);
  if (number.decimals > 0) {
    dialog->setDoubleDecimals(number.decimals);
    dialog->setDoubleRange(number.least, number.most);
    dialog->setDoubleValue(number.usual);
  } else {
    dialog->setIntRange(static_cast<int>(number.least), static_cast<int>(number.most));
    dialog->setIntValue(static_cast<int>(number.usual));
  }
  if (dialog->exec() != QDialog::Accepted) return std::nullopt;
  return number.decimals > 0 ? dialog->doubleValue() : dialog->intValue();
}

std::optional<QString> ask_line(const Question& question, QWidget* parent) {
  const auto dialog = make_question(question, parent);
  if (dialog->exec() != QDialog::Accepted) return std::nullopt;
  return dialog->textValue();
}

std::optional<QString> ask_text(const Question& question, const QString& usual, QWidget* parent) {
  const auto dialog = make_question(question, parent);
  dialog->setOption(QInputDialog::UsePlainTextEditForTextInput);
  dialog->setTextValue(usual);
  if (dialog->exec() != QDialog::Accepted) return std::nullopt;
  return dialog->textValue();
}

std::optional<QString> ask_choice(const Question& question, const QStringList& choices, QWidget* parent) {
  const auto dialog = make_question(question, parent);
  dialog->setComboBoxItems(choices);
  if (dialog->exec() != QDialog::Accepted) return std::nullopt;
  return dialog->textValue();
}

}  // namespace grapevine
