#include "ui/panels/docks_aside.h"

#include <QDockWidget>
#include <QMenuBar>
#include <QStatusBar>
#include <QToolBar>

namespace grapevine {

void DocksAside::put_away(const QList<QWidget*>& kept, bool bars) {
  if (!away()) state_ = window_->saveState();
  for (QDockWidget* dock : window_->findChildren<QDockWidget*>()) dock->setVisible(kept.contains(dock));
  if (!bars) return;
  QList<QWidget*> all{window_->menuBar(), window_->statusBar()};
  for (QToolBar* bar : window_->findChildren<QToolBar*>(Qt::FindDirectChildrenOnly)) all << bar;
  for (QWidget* bar : all) {
    if (bar->isHidden()) continue;
    bar->hide();
    bars_ << bar;
  }
}

void DocksAside::bring_back() {
  if (!away()) return;
  for (QWidget* bar : bars_) bar->show();
  bars_.clear();
  window_->restoreState(state_);
  state_.clear();
}

QByteArray DocksAside::layout() const {
  return away() ? state_ : window_->saveState();
}

}  // namespace grapevine
