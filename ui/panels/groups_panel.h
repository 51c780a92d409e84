// Groups of the runs that the library shows: by which settings, and what is drawn of them in the figures. The
// window's thread only.
#pragma once

#include <QWidget>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/runs/aggregate.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QTableView;

namespace grapevine {

class GroupsModel;
class LibraryStore;

/// A group that is to be drawn.
struct WantedGroup {
  QString name;
  std::vector<std::int64_t> ids;
};

class GroupsPanel : public QWidget {
  Q_OBJECT

 public:
  /// `shown`: ids of the runs to be grouped.
  GroupsPanel(LibraryStore* store, std::function<std::vector<std::int64_t>()> shown,
              QWidget* parent = nullptr);

  GroupsModel* model() const { return model_; }
  QLineEdit* keys() const { return keys_; }
  QTableView* table() const { return table_; }
  /// What is shown has changed, or is to be looked at.
  void refresh();
  Band band() const;
  /// "rule.name,optimizer.lr;deviation", to be remembered.
  QString layout_text() const;
  void set_layout_text(const QString& text);

 Q_SIGNALS:
  void wanted_changed(const std::vector<grapevine::WantedGroup>& groups, grapevine::Band band);

 private:
  void tell_wanted();
  void say(const QString& sentence, bool is_error);

  LibraryStore* store_;
  std::function<std::vector<std::int64_t>()> shown_;
  GroupsModel* model_;
  QLineEdit* keys_;
  QComboBox* band_;
  QLabel* words_;
  QTableView* table_;
  std::vector<std::int64_t> answered_ids_;
  QString answered_keys_;
  int asked_ = 0;  ///< answers to older questions are left aside
};

}  // namespace grapevine
