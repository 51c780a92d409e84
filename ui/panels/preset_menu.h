// The menu of presets: the first race, the papers' tables and the lessons, each with the papers' numbers in
// its tip. Who owns it fills the experiment form with the one chosen. The window's thread only.
#pragma once

#include <QMenu>

namespace grapevine {

class PresetMenu : public QMenu {
  Q_OBJECT

 public:
  explicit PresetMenu(QWidget* parent = nullptr);

 Q_SIGNALS:
  void chosen(const QString& name);
};

}  // namespace grapevine
