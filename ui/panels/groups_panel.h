// Groups of the runs that the library shows: by which settings, and what is drawn of them in the figures. The
// window's thread only.
#pragma once

#include <QWidget>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/runs/aggregate.h"
#include "engine/runs/comparison.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QTableView;
class QToolButton;

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
  QLineEdit* measures() const { return measures_; }
  QComboBox* ranking() const { return ranking_; }
  QTableView* table() const { return table_; }
  /// What is shown has changed, or is to be looked at.
  void refresh();
  Band band() const;
  /// What is asked for at a heading: another statistic of its measure, ranking by it, one more or one less.
  QMenu* heading_menu(int column);
  /// "rule.name,optimizer.lr;deviation;test_accuracy:best;test_accuracy:best;-N": keys, band, measures, by
  /// which one places are given, the order of the rows; to be remembered.
  QString layout_text() const;
  void set_layout_text(const QString& text);

 Q_SIGNALS:
  void wanted_changed(const std::vector<grapevine::WantedGroup>& groups, grapevine::Band band);

 private:
  void build_bar();
  void build_table();
  void tick_selected();
  void tell_wanted();
  void rank();
  void show_comparison(Comparison comparison);
  void show_ranking();
  void show_words();
  /// The measures shown, one of them replaced; nothing: without it.
  void change_measures(const RunKey& measure, const std::optional<RunKey>& by);
  void say(const QString& sentence, bool is_error);

  LibraryStore* store_;
  std::function<std::vector<std::int64_t>()> shown_;
  GroupsModel* model_;
  QLineEdit* keys_;
  QLineEdit* measures_;
  QComboBox *ranking_, *band_;
  QLabel* words_;
  QToolButton* stop_;
  QTableView* table_;
  std::vector<std::int64_t> answered_ids_;
  QString answered_keys_, answered_measures_;
  QString wanted_ranking_;  ///< a measure as it is typed; "" = by the score that most groups have
  int asked_ = 0;           ///< answers to older questions are left aside
};

}  // namespace grapevine
