// A field for the expressions by which runs are chosen (run_filter.h): names and values complete while one
// types, and what is wrong is shown below in one sentence. The window's thread only.
#pragma once

#include <QTimer>
#include <QWidget>
#include <functional>

#include "engine/runs/run_filter.h"

class QCompleter;
class QLabel;
class QLineEdit;
class QStringListModel;

namespace grapevine {

class FilterField : public QWidget {
  Q_OBJECT

 public:
  explicit FilterField(QWidget* parent = nullptr);

  QLineEdit* edit() const { return edit_; }
  /// The sentence below; "" when nothing is wrong.
  QString error() const;
  void find();  ///< puts the cursor there
  /// What is still being typed at the end, as a sentence: a name to which a comparison is missing, or the
  /// beginning of a value that runs have; "" when it is finished, as after Enter.
  QString unfinished() const;
  /// Below the field, until something else is typed; where something is wrong, that is said instead.
  void explain(const QString& sentence);
  /// Values that runs have under a key, for the completion.
  void set_values(std::function<QStringList(const RunKey& key)> values) { values_ = std::move(values); }
  /// What can be completed to at the end of `before`, with the beginning that it takes the place of.
  struct Offer {
    QString beginning;
    QStringList words;
  };
  Offer offer(const QString& before) const;

 Q_SIGNALS:
  /// The expression is valid; an invalid one leaves the last valid one in force.
  void filter_changed(const grapevine::RunFilter& filter);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void read();
  void say_later(const QString& sentence);
  void complete();
  void insert(const QString& word);

  QLineEdit* edit_;
  QLabel* error_;
  QCompleter* completer_;
  QStringListModel* words_;
  QStringList keys_;
  std::function<QStringList(const RunKey&)> values_;
  QTimer patience_;  ///< an expression is wrong while it is being typed
  QString pending_error_;
  bool entered_ = false;  ///< what is there is meant as it is
};

}  // namespace grapevine
