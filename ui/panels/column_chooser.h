// Which columns the library has: every setting, every measure as last, best, mean or at the cursor, ticked in
// one list with a search above. The window's thread only.
#pragma once

#include <QDialog>

#include "ui/panels/library_column.h"

class QLineEdit;
class QListWidget;

namespace grapevine {

class ColumnChooser : public QDialog {
  Q_OBJECT

 public:
  explicit ColumnChooser(const LibraryColumns& chosen, QWidget* parent = nullptr);
  /// Those that stay keep their order; new ones come behind.
  LibraryColumns chosen() const;
  QLineEdit* search() const { return search_; }
  QListWidget* list() const { return list_; }

 private:
  void fill(const LibraryColumns& chosen);
  void filter(const QString& words);

  LibraryColumns before_;
  QLineEdit* search_;
  QListWidget* list_;
};

}  // namespace grapevine
