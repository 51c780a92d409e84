// The text version of a figure for users who cannot see it, and for spreadsheets: its numbers as a table, its
// sentence above. The window's thread only.
#pragma once

#include <QDialog>

class QCheckBox;
class QComboBox;
class QTableWidget;

namespace grapevine {

class ScopeWidget;

class FigureTable : public QDialog {
  Q_OBJECT

 public:
  explicit FigureTable(ScopeWidget* scope, QWidget* parent = nullptr);

 private:
  void fill();
  void copy() const;
  void save();

  ScopeWidget* scope_;
  QComboBox* figure_;
  QCheckBox* visible_only_;
  QTableWidget* table_;
};

}  // namespace grapevine
