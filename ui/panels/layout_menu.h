// The menu of layouts: how the figures are laid out, kept under names. The window's thread only.
#pragma once

#include <QMenu>

namespace grapevine {

class ScopeWidget;
class WindowMemory;

class LayoutMenu : public QMenu {
  Q_OBJECT

 public:
  /// Both stay the caller's.
  LayoutMenu(ScopeWidget* scope, WindowMemory* memory, QWidget* parent = nullptr);

  /// Keeps the present layout; a name that is there already gets it again.
  void keep_as(const QString& name);

 private:
  void fill();
  void ask_for_name();

  ScopeWidget* scope_;
  WindowMemory* memory_;
};

}  // namespace grapevine
