// The form of an experiment.
#include "ui/panels/experiment_form.h"

#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/settings.h"
#include "engine/plans/plan.h"
#include "ui/panels/data_offer.h"
#include "ui/panels/race_form.h"
#include "ui/panels/setting_editor.h"
#include "ui/panels/settings_section.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

const QString rule_section = QStringLiteral("rule");

// The sections a first-time user works with are open.
bool open_at_first(const QString& section) {
  static const std::set<QString> open{QStringLiteral("data"), QStringLiteral("model"), rule_section,
                                      QStringLiteral("optimizer"), QStringLiteral("train")};
  return open.contains(section);
}

}  // namespace

ExperimentForm::ExperimentForm(QWidget* parent)
    : QWidget(parent),
      offer_(new DataOffer(this)),
      search_(new QLineEdit(this)),
      nothing_found_(new QLabel(this)),
      scroll_(new QScrollArea(this)) {
  search_->setPlaceholderText(tr("Find a setting"));
  search_->setAccessibleName(tr("Find a setting"));
  search_->setClearButtonEnabled(true);
  nothing_found_->setText(tr("No matching settings."));
  nothing_found_->setVisible(false);
  auto* content = new QWidget(this);
  column_ = new QVBoxLayout(content);
  column_->setContentsMargins(6, 2, 8, 8);
  column_->setSpacing(2);
  build_sections();
  column_->addWidget(nothing_found_);
  column_->addStretch(1);
  scroll_->setWidget(content);
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(4);
  auto* search_row = new QHBoxLayout;
  search_row->setContentsMargins(8, 0, 8, 0);
  search_row->addWidget(search_);
  layout->addLayout(search_row);
  layout->addWidget(offer_);
  layout->addWidget(scroll_, 1);
  connect(search_, &QLineEdit::textChanged, this, &ExperimentForm::filter);
  align_labels();
  set_plan(first_experiment());
}

void ExperimentForm::build_sections() {
  for (const Setting& setting : experiment_settings()) {
    const QString name = section_of_key(setting.key);
    SettingsSection* where = section(name);
    if (!where) where = add_section(name, title_of_group(setting.group));
    if (setting.key == rule_name_key()) {
      race_ = new RaceForm(this);
      where->add_wide(race_);
      continue;
    }
    SettingEditor* editor = where->add_setting(setting, setting.key);
    editors_[setting.key] = editor;
  }
  for (const auto& [name, part] : sections_) {
    part->set_expanded(open_at_first(name));
    connect(part, &SettingsSection::edited, this, &ExperimentForm::after_edit);
    connect(part, &SettingsSection::committed, this,
            [this](SettingEditor* editor) { send_if_live(-1, editor); });
  }
  connect(race_, &RaceForm::edited, this, &ExperimentForm::after_edit);
  connect(race_, &RaceForm::racers_changed, this, &ExperimentForm::align_labels);
  // Name, seed and device are set once for all racers.
  const Setting* seed = find_setting(key_of(&RunSettings::seed), "");
  SettingsSection* of_the_run = section(section_of_key(seed->key));
  connect(race_, &RaceForm::racers_changed, this, [this, seed, of_the_run] {
    of_the_run->set_title(race_->racer_count() > 1 ? tr("All racers") : title_of_group(seed->group));
  });
  connect(race_, &RaceForm::committed, this, &ExperimentForm::send_if_live);
}

SettingsSection* ExperimentForm::section(const QString& name) const {
  for (const auto& [known, part] : sections_)
    if (known == name) return part;
  return nullptr;
}

SettingsSection* ExperimentForm::add_section(const QString& name, const QString& title) {
  auto* part = new SettingsSection(title, this);
  part->setObjectName(QStringLiteral("section.") + name);
  column_->addWidget(part);
  sections_.emplace_back(name, part);
  return part;
}

// One column of labels through all sections.
void ExperimentForm::align_labels() {
  int width = 0;
  for (const auto& [name, part] : sections_) width = std::max(width, part->label_width());
  width = std::max(width, race_->label_width() + 20);
  width = std::min(width, fontMetrics().horizontalAdvance(QLatin1Char('m')) * 12);
  for (const auto& [name, part] : sections_) part->set_label_width(width);
  race_->set_label_width(width);
}

void ExperimentForm::set_plan(const ExperimentPlan& plan) {
  if (plan.racers.empty()) return;
  filling_ = true;
  for (const auto& [key, editor] : editors_)
    if (plan.racers.front().has(key)) editor->set_value(plan.racers.front().value(key));
  race_->set_racers(plan.racers);
  filling_ = false;
  after_edit();
}

std::optional<ExperimentPlan> ExperimentForm::plan() const {
  if (race_->racer_count() == 0 || race_->problem()) return std::nullopt;
  ExperimentPlan plan;
  for (int i = 0; i < race_->racer_count(); ++i) {
    Experiment racer(race_->rule(i));
    for (const auto& [key, editor] : editors_) {
      const auto value = editor->value();
      if (!value) return std::nullopt;
      racer.set(key, *value);
    }
    race_->fill(i, racer);
    plan.racers.push_back(std::move(racer));
  }
  plan.is_race = plan.racers.size() > 1;
  return plan;
}

void ExperimentForm::set_running(bool running) {
  running_ = running;
  for (const auto& [key, editor] : editors_) editor->setEnabled(!running || editor->setting().live);
  race_->set_running(running);
}

SettingEditor* ExperimentForm::editor(const std::string& key, int racer) const {
  if (const auto known = editors_.find(key); known != editors_.end()) return known->second;
  if (racer >= 0 && racer < race_->racer_count())
    for (SettingEditor* editor : race_->editors(racer))
      if (editor->key() == key) return editor;
  return nullptr;
}

void ExperimentForm::refresh_colours() {
  mark_complaints();
}

void ExperimentForm::find_setting_box() {
  search_->setFocus(Qt::ShortcutFocusReason);
  search_->selectAll();
}

void ExperimentForm::after_edit() {
  if (filling_) return;
  hide_meaningless();
  mark_complaints();
  offer_->set_data(editor(key_of(&DataSettings::name))->text(), editor(key_of(&DataSettings::dir))->text());
  Q_EMIT edited();
}

void ExperimentForm::hide_meaningless() {
  const auto fits = [this](const Setting& setting) {
    const auto has = [&](const std::string& word) {
      return std::find(setting.depends_values.begin(), setting.depends_values.end(), word) !=
             setting.depends_values.end();
    };
    if (setting.depends_on == rule_name_key()) {
      for (int i = 0; i < race_->racer_count(); ++i)
        if (has(race_->rule(i))) return true;
      return false;
    }
    const SettingEditor* other = editor(setting.depends_on);
    return !other || has(other->text());
  };
  for (const auto& [name, part] : sections_)
    for (const SettingEditor* each : part->editors())
      if (!each->setting().depends_on.empty()) part->set_meaningful(each, fits(each->setting()));
}

// A complaint goes to the control that it speaks of; what speaks of none is a problem of the whole.
void ExperimentForm::mark_complaints() {
  problems_.clear();
  std::map<SettingEditor*, QString> marks;
  if (race_->racer_count() == 0) problems_ << tr("Choose at least one learning rule.");
  if (const std::optional<ExperimentPlan> now = plan()) {
    race_->show_labels(now->racers);
    for (std::size_t i = 0; i < now->racers.size(); ++i)
      for (const Experiment::Complaint& complaint : now->racers[i].complaints()) {
        const QString sentence = in_form_words(complaint.message);
        if (!problems_.contains(sentence)) problems_ << sentence;
        // At each control that the sentence speaks of: the remedy may be at another one.
        std::vector<std::string> concerned = keys_in(complaint.message);
        concerned.push_back(complaint.key);
        for (const std::string& key : concerned)
          if (SettingEditor* where = editor(key, static_cast<int>(i))) marks[where] = sentence;
      }
  }
  const auto look_at = [&](SettingEditor* each) {
    const auto mark = marks.find(each);
    each->set_complaint(mark == marks.end() ? QString() : mark->second);
    const QString own = each->problem();
    if (!own.isEmpty()) problems_ << tr("%1: %2").arg(label_of_key(each->key()), own);
    return !each->shown_trouble().isEmpty();
  };
  for (const auto& [name, part] : sections_) {
    bool trouble = false;
    for (SettingEditor* each : part->editors()) trouble = look_at(each) || trouble;
    if (trouble && !part->expanded()) part->set_expanded(true);
  }
  for (int i = 0; i < race_->racer_count(); ++i)
    for (SettingEditor* each : race_->editors(i)) look_at(each);
  for (const auto& [name, part] : sections_) part->refresh();
  race_->refresh();
}

void ExperimentForm::filter(const QString& words) {
  int fitting = 0;
  for (const auto& [name, part] : sections_) fitting += part->set_filter(words);
  const int rules = race_->set_filter(words);
  section(rule_section)->setVisible(rules > 0);
  fitting += rules;
  nothing_found_->setVisible(fitting == 0 && !words.trimmed().isEmpty());
}

void ExperimentForm::send_if_live(int racer, SettingEditor* editor) {
  if (!running_ || !editor->setting().live || !editor->problem().isEmpty()) return;
  Q_EMIT live_edited(QString::fromStdString(editor->key()), QString::fromStdString(editor->text()), racer);
}

}  // namespace grapevine
