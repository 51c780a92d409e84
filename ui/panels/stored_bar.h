// The line above the figures while they show a stored run, and the way back to the live one. The window's
// thread only.
#pragma once

#include <QFrame>

class QAction;
class QLabel;

namespace grapevine {

class ShownRuns;

class StoredBar : public QFrame {
  Q_OBJECT

 public:
  /// `back` leads back to the live run; its text follows what there is to go back to.
  explicit StoredBar(QAction* back, QWidget* parent = nullptr);
  void show_runs(const ShownRuns& shown);

 private:
  QAction* back_;
  QLabel* text_;
};

}  // namespace grapevine
