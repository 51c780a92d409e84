// The form of an experiment, made from the settings registry: a folding section a key's prefix, a row a
// setting, the rules as check boxes. Its values are ExperimentPlans. The window's thread only.
#pragma once

#include <QWidget>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/plans/plan.h"

class QLabel;
class QLineEdit;
class QScrollArea;
class QVBoxLayout;

namespace grapevine {

class DataOffer;
class RaceForm;
class SettingEditor;
class SettingsSection;

class ExperimentForm : public QWidget {
  Q_OBJECT

 public:
  explicit ExperimentForm(QWidget* parent = nullptr);

  void set_plan(const ExperimentPlan& plan);
  /// Nothing while a text is not a value or no rule is chosen.
  std::optional<ExperimentPlan> plan() const;
  /// What keeps the experiment from starting, a sentence each; the first says where to look.
  QStringList problems() const { return problems_; }

  /// While a run is in progress only what may change live can be edited.
  void set_running(bool running);
  /// The control of a key; for a rule's key that of racer `racer`. Null when the form has none.
  SettingEditor* editor(const std::string& key, int racer = 0) const;
  RaceForm* race() const { return race_; }
  void refresh_colours();   ///< after the theme changed
  void find_setting_box();  ///< puts the cursor into the search line

 Q_SIGNALS:
  void edited();
  /// A live setting was changed while a run is in progress; racer -1 = all.
  void live_edited(const QString& key, const QString& value, int racer);

 private:
  void build_sections();
  SettingsSection* section(const QString& name) const;
  SettingsSection* add_section(const QString& name, const QString& title);
  void align_labels();
  void after_edit();
  void hide_meaningless();
  void mark_complaints();
  void filter(const QString& words);
  void send_if_live(int racer, SettingEditor* editor);

  std::vector<std::pair<QString, SettingsSection*>> sections_;
  std::map<std::string, SettingEditor*> editors_;  ///< all but the rules' own
  RaceForm* race_ = nullptr;
  DataOffer* offer_;
  QLineEdit* search_;
  QLabel* nothing_found_;
  QScrollArea* scroll_;
  QVBoxLayout* column_;
  QStringList problems_;
  bool running_ = false;
  bool filling_ = false;
};

}  // namespace grapevine
