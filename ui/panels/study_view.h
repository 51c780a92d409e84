// What of the papers no stored run can fill: their theory on the form's network, Table 5's times on this
// machine. The terminal's program computes it, so that no run here is disturbed; the numbers stay here until
// they are computed again. The window's thread only.
#pragma once

#include <QProcess>
#include <QStringList>
#include <QWidget>
#include <functional>
#include <optional>

#include "engine/plans/plan.h"
#include "ui/panels/study_result.h"

class QLabel;
class QPushButton;
class QStandardItemModel;
class QTableView;

namespace grapevine {

class SweepFigure;

class StudyView : public QWidget {
  Q_OBJECT

 public:
  explicit StudyView(QWidget* parent = nullptr);
  ~StudyView() override;

  void set_program(const QString& file) { program_ = file; }
  void set_plan(std::function<std::optional<ExperimentPlan>()> plan) { plan_ = std::move(plan); }
  void show_study(const Study& study);
  void compute();
  bool at_work() const { return process_.state() != QProcess::NotRunning; }

 private:
  QStringList arguments() const;
  /// What the program says on standard error: how far it is, or what is wrong.
  void hear();
  void stop();
  void finished(int status);
  void show_result(const StudyResult& result);
  void show_words(const QString& words);

  QString program_;
  std::function<std::optional<ExperimentPlan>()> plan_;
  Study study_;
  QString computed_;  ///< the study at work
  QString said_;      ///< on standard error, but for how far it is
  bool stopping_ = false;
  QProcess process_;
  QLabel *help_, *words_;
  QPushButton* compute_;
  QStandardItemModel* model_;
  QTableView* table_;
  SweepFigure* figure_;
};

}  // namespace grapevine
