// A banner above the figures for what the user must read: one clear sentence, never a dialog, never only on
// the terminal. Messages queue; the newest is shown, and the same sentence is never queued twice. The
// window's thread only.
#pragma once

#include <QFrame>
#include <QString>
#include <deque>
#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace grapevine {

class MessageBar : public QFrame {
  Q_OBJECT

 public:
  enum class Kind { information, alert, warning, error };
  explicit MessageBar(QWidget* parent = nullptr);

  /// Shows a sentence; with `button` also a push button that dismisses the message and calls `action`.
  void show_message(Kind kind, const QString& sentence, const QString& button = {},
                    std::function<void()> action = {});
  void dismiss();
  /// Removes a message that is no longer true, wherever it is in the queue.
  void withdraw(const QString& sentence);
  void clear();

  /// "" when nothing is shown.
  QString sentence() const;
  Kind kind() const;
  int waiting() const { return static_cast<int>(messages_.size()); }
  void set_dark(bool dark);

 Q_SIGNALS:
  void shown(const QString& sentence);

 private:
  struct Message {
    Kind kind;
    QString sentence;
    QString button;
    std::function<void()> action;
  };
  void refresh();

  std::deque<Message> messages_;  ///< the front one is in the bar
  bool dark_ = false;
  QLabel* mark_;
  QLabel* text_;
  QLabel* more_;
  QPushButton* button_;
  QToolButton* close_;
};

}  // namespace grapevine
