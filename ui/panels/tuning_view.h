// What came of a search of one setting: the value chosen for each rule, with what it came to over how many
// seeds, what was tried, and what to think of. The window's thread only.
#pragma once

#include <QWidget>
#include <cstdint>
#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QStandardItemModel;
class QTableView;

namespace grapevine {

struct TuningReport;

class TuningView : public QWidget {
  Q_OBJECT

 public:
  explicit TuningView(QWidget* parent = nullptr);

  void show_report(const TuningReport& report);
  QTableView* table() const { return table_; }
  QString words() const;  ///< above the table: how far it is, and how it was judged

 Q_SIGNALS:
  /// The finished runs of the chosen values, by number.
  void runs_asked(const std::vector<std::int64_t>& ids);

 private:
  QLabel* words_;
  QTableView* table_;
  QStandardItemModel* rows_;
  QPushButton* overlay_;
  std::vector<std::int64_t> winners_;
};

}  // namespace grapevine
