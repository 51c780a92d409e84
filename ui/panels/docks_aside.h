// Panels and bars put aside, as for the start page or a lecture, and brought back as they were. The window's
// thread only.
#pragma once

#include <QByteArray>
#include <QList>
#include <QMainWindow>

namespace grapevine {

class DocksAside {
 public:
  explicit DocksAside(QMainWindow* window) : window_(window) {}

  /// Hides all panels but `kept`; with `bars` menus, tool bar and status bar too. Once is enough.
  void put_away(const QList<QWidget*>& kept, bool bars);
  void bring_back();
  bool away() const { return !state_.isEmpty(); }
  /// The layout to remember: the one that bring_back() restores, or the present one.
  QByteArray layout() const;

 private:
  QMainWindow* window_;
  QByteArray state_;
  QList<QWidget*> bars_;
};

}  // namespace grapevine
