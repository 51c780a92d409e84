// The part of the experiment form that says who trains: one check box per learning rule, by families (several
// = a race on the same weights and batches), and beneath it the settings of each chosen rule. The window's
// thread only.
#pragma once

#include <QWidget>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/experiment.h"
#include "ui/panels/rule_families.h"

class QCheckBox;
class QLabel;
class QVBoxLayout;

namespace grapevine {

class SettingEditor;
class SettingsSection;

class RaceForm : public QWidget {
  Q_OBJECT

 public:
  explicit RaceForm(QWidget* parent = nullptr);
  ~RaceForm() override;

  /// Takes over rules and their settings; in a race also whatever else a racer has for itself alone.
  void set_racers(const std::vector<Experiment>& racers);
  int racer_count() const;
  std::string rule(int racer) const;
  /// Sets the racer's rule settings, and what it has for itself, in `experiment` (whose rule is rule(racer)).
  /// A text that is not a value is left out: problem() reports it.
  void fill(int racer, Experiment& experiment) const;
  bool problem() const;
  const std::vector<SettingEditor*>& editors(int racer) const;
  /// Ticks or unticks a rule, as the user does.
  void choose(const std::string& rule, bool chosen);

  void set_running(bool running);
  /// Shows the rules and settings that have these words; how many have.
  int set_filter(const QString& words);
  void refresh();  ///< after complaints were set
  /// Heads each racer with its rule and with what tells it from the others; the experiments are the racers'
  /// whole ones, for the form's own settings may differ too.
  void show_labels(const std::vector<Experiment>& experiments);
  int label_width() const;
  void set_label_width(int width);

 Q_SIGNALS:
  void edited();
  void racers_changed();  ///< before edited(): editors were made or removed
  void committed(int racer, grapevine::SettingEditor* editor);

 private:
  struct Racer {
    std::string rule;
    std::vector<std::pair<std::string, Value>> own;  ///< settings besides the rule's that only this racer has
    SettingsSection* section = nullptr;
  };
  struct Family {
    RuleFamily family;
    QLabel *drawing, *title;
    std::vector<QCheckBox*> boxes;
  };
  void add_family(RuleFamily family, QVBoxLayout& column);
  QCheckBox* make_box(const RuleDescriptor& rule);
  void add_racer(const std::string& rule, std::size_t place);
  void add_variant(const SettingsSection* section);
  void remove_racer(const SettingsSection* section);
  void show_values(Racer& racer, const Experiment& experiment);
  void hide_meaningless(Racer& racer);
  void after_change();

  std::vector<Family> families_;
  std::vector<std::pair<std::string, QCheckBox*>> boxes_;
  std::vector<Racer> racers_;
  /// What a rule was set to before it was unticked.
  std::map<std::string, Experiment> remembered_;
  QVBoxLayout* sections_;
  bool running_ = false;
  int label_width_ = 0;
};

}  // namespace grapevine
