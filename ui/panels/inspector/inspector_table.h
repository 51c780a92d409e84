// The inspector's text version for users who cannot see it: its numbers as a table, one column per racer, its
// sentences above. The window's thread only.
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
