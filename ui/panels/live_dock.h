// What may change while a run is in progress, with sliders: of all racers or of one. Each change is a command
// of the run and an event in its figures. The window's thread only.
#pragma once

#include <QDockWidget>
#include <QString>
#include <QStringList>
#include <string>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/experiment/settings.h"
#include "engine/runs/run_data.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QSlider;
class QTimer;

namespace grapevine {

class SettingEditor;

/// A run's settings after the changes among its events; what was undone counts as not made.
Experiment with_live_changes(Experiment as_begun, const RunData& run);

class LiveDock : public QDockWidget {
  Q_OBJECT

 public:
  explicit LiveDock(QWidget* parent = nullptr);

  void set_race(const std::vector<Experiment>& racers, const QStringList& labels);
  /// Takes over what was changed elsewhere: in the form, by a command, by undoing one.
  void follow(const std::vector<RunView>& runs);
  void set_running(bool running);
  /// -1 = all.
  int racer() const;
  void choose_racer(int racer);

 Q_SIGNALS:
  void changed(const QString& key, const QString& value, int racer);

 private:
  struct Line {
    std::string key;
    SettingEditor* editor = nullptr;
    QSlider* slider = nullptr;  ///< nullptr where there is nothing to slide
  };
  void rebuild();
  void add_line(const Setting& setting, const std::string& key, const Value& value);
  void send(const SettingEditor& editor);
  const Experiment* first_with(const std::string& key) const;

  std::vector<Experiment> begun_, now_;
  std::vector<std::size_t> events_seen_;
  std::vector<Line> lines_;
  QComboBox* racers_;
  QLabel* hint_;
  QWidget* page_;
  QGridLayout* grid_;
  QTimer* sliding_;  ///< a slider that moves is one change, made when it stops
  const SettingEditor* moved_ = nullptr;
  bool running_ = false;
};

}  // namespace grapevine
