// The inspector's twin for who can't see it: its numbers as a table, a column a racer, its sentences above.
// The window's thread only.
#pragma once

#include <QDialog>
#include <vector>

namespace grapevine {

class InspectionColumn;

class InspectorTable : public QDialog {
  Q_OBJECT

 public:
  explicit InspectorTable(const std::vector<const InspectionColumn*>& columns, QWidget* parent = nullptr);
};

}  // namespace grapevine
