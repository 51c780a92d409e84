// The banner above the figures.
#include "ui/panels/message_bar.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>
#include <utility>

#include "ui/panels/window_theme.h"

namespace grapevine {
namespace {

/// The engine's sentences begin small, for they follow a program's name elsewhere; keys and files keep their
/// spelling: "data.dir=/nowhere: there is no such folder".
QString as_sentence(QString text) {
  const QString word = text.section(QLatin1Char(' '), 0, 0);
  const bool is_a_word = std::none_of(word.begin(), word.end(),
                                      [](QChar each) { return QStringLiteral("=./_\\").contains(each); });
  if (is_a_word && !text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

}  // namespace

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent),
      mark_(new QLabel(this)),
      text_(new QLabel(this)),
      more_(new QLabel(this)),
      button_(new QPushButton(this)),
      close_(new QToolButton(this)) {
  setObjectName(QStringLiteral("message_bar"));
  setAccessibleName(tr("Message"));
  text_->setWordWrap(true);
  text_->setTextFormat(Qt::PlainText);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  text_->setSizePolicy(policy);
  close_->setText(QStringLiteral("×"));
  close_->setAutoRaise(true);
  close_->setToolTip(tr("Dismiss this message"));
  close_->setAccessibleName(tr("Dismiss this message"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(12, 6, 6, 6);
  layout->setSpacing(10);
  layout->addWidget(mark_);
  layout->addWidget(text_, 1);
  layout->addWidget(more_);
  layout->addWidget(button_);
  layout->addWidget(close_);
  connect(close_, &QToolButton::clicked, this, &MessageBar::dismiss);
  connect(button_, &QPushButton::clicked, this, [this] {
    if (messages_.empty()) return;
    const auto action = messages_.front().action;
    dismiss();
    if (action) action();
  });
  refresh();
}

void MessageBar::show_message(Kind kind, const QString& sentence, const QString& button,
                              std::function<void()> action) {
  if (sentence.isEmpty()) return;
  std::erase_if(messages_, [&](const Message& m) { return m.sentence == sentence; });
  messages_.push_front({kind, sentence, button, std::move(action)});
  if (messages_.size() > 20) messages_.pop_back();
  refresh();
  QAccessibleEvent event(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&event);
  Q_EMIT shown(sentence);
}

void MessageBar::dismiss() {
  if (!messages_.empty()) messages_.pop_front();
  refresh();
}

void MessageBar::withdraw(const QString& sentence) {
  if (std::erase_if(messages_, [&](const Message& m) { return m.sentence == sentence; }) > 0) refresh();
}

void MessageBar::clear() {
  messages_.clear();
  refresh();
}

QString MessageBar::sentence() const {
  return messages_.empty() ? QString() : messages_.front().sentence;
}

MessageBar::Kind MessageBar::kind() const {
  return messages_.empty() ? Kind::information : messages_.front().kind;
}

void MessageBar::set_dark(bool dark) {
  dark_ = dark;
  refresh();
}

void MessageBar::refresh() {
  setVisible(!messages_.empty());
  if (messages_.empty()) return;
  const Message& message = messages_.front();
  struct Look {
    Tone tone;
    QString mark;
  };
  const auto look_of = [](Kind kind) -> Look {
    switch (kind) {
      case Kind::error:
        return {Tone::problem, tr("Error")};
      case Kind::warning:
        return {Tone::warning, tr("Warning")};
      case Kind::alert:  // good news as often as bad
        return {Tone::warning, tr("Alert")};
      case Kind::information:
        break;
    }
    return {Tone::good, tr("Note")};
  };
  const auto [tone, mark] = look_of(message.kind);
  const QColor colour = tone_colour(tone, dark_);
  QColor ground = colour;
  ground.setAlpha(dark_ ? 45 : 28);
  setStyleSheet(QStringLiteral("QFrame#message_bar { background: rgba(%1,%2,%3,%4); border: 0;"
                               " border-left: 4px solid %5; }")
                    .arg(ground.red())
                    .arg(ground.green())
                    .arg(ground.blue())
                    .arg(ground.alpha())
                    .arg(colour.name()));
  mark_->setText(mark);
  mark_->setStyleSheet(QStringLiteral("color: %1; font-weight: bold;").arg(colour.name()));
  text_->setText(as_sentence(message.sentence));
  setAccessibleDescription(message.sentence);
  const int others = static_cast<int>(messages_.size()) - 1;
  more_->setVisible(others > 0);
  more_->setText(tr("%n more", nullptr, others));
  button_->setVisible(!message.button.isEmpty());
  button_->setText(message.button);
}

}  // namespace grapevine
