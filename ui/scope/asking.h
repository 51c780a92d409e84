// Small dialogs that ask for a number, a line, some lines or one of a few words, wide enough for their title:
// the frame cuts it to the dialog's width. nullopt where nobody answers. The window's thread.
#pragma once

#include <QString>
#include <QStringList>
#include <memory>
#include <optional>

class QInputDialog;
class QWidget;

namespace grapevine {

struct Question {
  QString title, label;
};

struct NumberAsked {
  double usual = 0, least = 0, most = 0;
  int decimals = 0;
};

std::unique_ptr<QInputDialog> make_question(const Question& question, QWidget* parent);
std::optional<double> ask_number(const Question& question, const NumberAsked& number, QWidget* parent);
std::optional<QString> ask_line(const Question& question, QWidget* parent);
std::optional<QString> ask_text(const Question& question, const QString& usual, QWidget* parent);
std::optional<QString> ask_choice(const Question& question, const QStringList& choices, QWidget* parent);

}  // namespace grapevine
