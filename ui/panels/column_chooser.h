// Which columns the library has: every setting, every measure as last, best, mean or at the cursor, ticked in
// one list with a search above, which also takes keys in full, as of a measure in one layer. The window's
// thread only.
#pragma once

#include <QDialog>

#include "ui/panels/library_column.h"

class QLabel;
class QLineEdit;
class QListWidget;
class QListWidgetItem;

namespace grapevine {

class ColumnChooser : public QDialog {
  Q_OBJECT

 public:
  explicit ColumnChooser(const LibraryColumns& chosen, QWidget* parent = nullptr);
  /// Those that stay keep their order; new ones come after the last measure, where they are seen.
  LibraryColumns chosen() const;
  QLineEdit* search() const { return search_; }
  QListWidget* list() const { return list_; }
  QLabel* nothing() const { return nothing_; }  ///< what an empty list means

 private:
  void fill(const LibraryColumns& chosen);
  QListWidgetItem* add(const QString& text, bool ticked, int row);
  QListWidgetItem* item_of(const QString& text) const;
  void offer_typed(const QStringList& texts);
  void filter(const QString& words);

  LibraryColumns before_;
  QLineEdit* search_;
  QListWidget* list_;
  QLabel* nothing_;
};

}  // namespace grapevine
