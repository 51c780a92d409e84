// All keys and gestures on one page, made from the window's commands. The window's thread only.
#pragma once

#include <QDialog>

namespace grapevine {

struct MainActions;

class CheatSheet : public QDialog {
  Q_OBJECT

 public:
  explicit CheatSheet(const MainActions& actions, QWidget* parent = nullptr);
};

}  // namespace grapevine
