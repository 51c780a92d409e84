// The rules' part of the experiment form.
#include "ui/panels/race_form.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "ui/panels/rule_families.h"
#include "ui/panels/setting_editor.h"
#include "ui/panels/settings_section.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

bool is_of_rule(const std::string& key) {
  return key.starts_with("rule.");
}

QToolButton* title_button(const QString& sign, const QString& help, QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setText(sign);
  button->setAutoRaise(true);
  button->setToolTip(help);
  button->setAccessibleName(help);
  return button;
}

}  // namespace

RaceForm::RaceForm(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  for (const RuleFamily family : rule_families()) add_family(family, *column);
  sections_ = new QVBoxLayout;
  sections_->setContentsMargins(0, 0, 0, 0);
  sections_->setSpacing(0);
  column->addLayout(sections_);
}

RaceForm::~RaceForm() = default;

/// A drawing of the way that feedback takes, the family's name, and its rules in two columns.
void RaceForm::add_family(RuleFamily family, QVBoxLayout& column) {
  auto* head = new QHBoxLayout;
  head->setContentsMargins(0, families_.empty() ? 0 : 6, 0, 0);
  head->setSpacing(6);
  auto* drawing = new QLabel(this);
  auto* title = new QLabel(title_of_family(family), this);
  title->setForegroundRole(QPalette::PlaceholderText);
  title->setToolTip(help_of_family(family));
  head->addWidget(drawing);
  head->addWidget(title, 1);
  column.addLayout(head);
  families_.push_back({family, drawing, title, {}});
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(12);
  grid->setVerticalSpacing(4);
  grid->setColumnStretch(0, 1);
  grid->setColumnStretch(1, 1);
  // Two columns; a name too long for one takes the row.
  const int room = fontMetrics().horizontalAdvance(QLatin1Char('m')) * 9;
  int place = 0;
  for (const RuleDescriptor& rule : rules()) {
    if (family_of(rule) != family) continue;
    QCheckBox* box = make_box(rule);
    const bool wide = fontMetrics().horizontalAdvance(box->text()) > room;
    if (wide) place += place % 2;
    grid->addWidget(box, place / 2, place % 2, 1, wide ? 2 : 1);
    place += wide ? 2 : 1;
    families_.back().boxes.push_back(box);
  }
  column.addLayout(grid);
}

QCheckBox* RaceForm::make_box(const RuleDescriptor& rule) {
  auto* box = new QCheckBox(QString::fromStdString(rule.name), this);
  box->setObjectName(QStringLiteral("rule.name=") + QString::fromStdString(rule.key));
  box->setAccessibleName(tr("Learning rule %1").arg(QString::fromStdString(rule.name)));
  box->setAccessibleDescription(QString::fromStdString(rule.help));
  box->setToolTip(QStringLiteral("<p><b>%1</b> (%2)</p><p>%3</p><p><i>%4</i></p>")
                      .arg(QString::fromStdString(rule.name).toHtmlEscaped(),
                           QString::fromStdString(rule.key),
                           QString::fromStdString(rule.help).toHtmlEscaped(),
                           QString::fromStdString(rule.equation).toHtmlEscaped()));
  boxes_.emplace_back(rule.key, box);
  connect(box, &QCheckBox::clicked, this, [this, key = rule.key](bool on) { choose(key, on); });
  return box;
}

void RaceForm::set_racers(const std::vector<Experiment>& racers) {
  for (Racer& racer : racers_) delete racer.section;
  racers_.clear();
  for (const Experiment& experiment : racers) {
    add_racer(experiment.rule(), racers_.size());
    Racer& racer = racers_.back();
    show_values(racer, experiment);
    for (const auto& [key, value] : experiment.entries())
      if (!is_of_rule(key) && racers.front().value(key) != value) racer.own.emplace_back(key, value);
  }
  after_change();
}

int RaceForm::racer_count() const {
  return static_cast<int>(racers_.size());
}

std::string RaceForm::rule(int racer) const {
  return racers_.at(static_cast<std::size_t>(racer)).rule;
}

void RaceForm::fill(int racer, Experiment& experiment) const {
  const Racer& from = racers_.at(static_cast<std::size_t>(racer));
  for (const SettingEditor* editor : from.section->editors())
    if (const auto value = editor->value()) experiment.set(editor->key(), *value);
  for (const auto& [key, value] : from.own) experiment.set(key, value);
}

bool RaceForm::problem() const {
  for (const Racer& racer : racers_)
    for (const SettingEditor* editor : racer.section->editors())
      if (!editor->value()) return true;
  return false;
}

const std::vector<SettingEditor*>& RaceForm::editors(int racer) const {
  return racers_.at(static_cast<std::size_t>(racer)).section->editors();
}

void RaceForm::choose(const std::string& rule, bool chosen) {
  const auto has_rule = [&](const Racer& racer) { return racer.rule == rule; };
  if (chosen == std::any_of(racers_.begin(), racers_.end(), has_rule)) return after_change();
  if (chosen) {
    // In the registry's order, so that ticking twice changes nothing.
    const auto rank = [](const std::string& key) { return find_rule(key) - rules().data(); };
    std::size_t place = 0;
    while (place < racers_.size() && rank(racers_[place].rule) < rank(rule)) ++place;
    add_racer(rule, place);
    if (const auto known = remembered_.find(rule); known != remembered_.end())
      show_values(racers_[place], known->second);
  } else {
    for (std::size_t i = racers_.size(); i-- > 0;) {
      if (!has_rule(racers_[i])) continue;
      Experiment last(rule);
      fill(static_cast<int>(i), last);
      remembered_.insert_or_assign(rule, last);
      racers_[i].section->deleteLater();
      racers_[i].section->hide();
      racers_.erase(racers_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  after_change();
}

void RaceForm::add_racer(const std::string& rule, std::size_t place) {
  auto* section = new SettingsSection(name_of_rule(rule), this);
  const RuleDescriptor* descriptor = find_rule(rule);
  if (descriptor) {
    section->add_note(QString::fromStdString(descriptor->equation), QString::fromStdString(descriptor->help));
    for (const Setting& setting : descriptor->settings) section->add_setting(setting, "rule." + setting.key);
  }
  auto* more = title_button(QStringLiteral("+"), tr("Add a second racer with this rule"), section);
  more->setObjectName(QStringLiteral("add_variant"));
  auto* less = title_button(QStringLiteral("−"), tr("Remove racer"), section);
  less->setObjectName(QStringLiteral("remove_racer"));
  section->add_to_title(more);
  section->add_to_title(less);
  // Later: the buttons' sections are deleted by what they start.
  connect(
      more, &QToolButton::clicked, this, [this, section] { add_variant(section); }, Qt::QueuedConnection);
  connect(
      less, &QToolButton::clicked, this, [this, section] { remove_racer(section); }, Qt::QueuedConnection);
  section->set_expanded(false);
  sections_->insertWidget(static_cast<int>(place), section);
  racers_.insert(racers_.begin() + static_cast<std::ptrdiff_t>(place), Racer{rule, {}, section});
  connect(section, &SettingsSection::edited, this, [this] {
    for (Racer& racer : racers_) hide_meaningless(racer);
    Q_EMIT edited();
  });
  connect(section, &SettingsSection::committed, this, [this, section](SettingEditor* editor) {
    for (std::size_t i = 0; i < racers_.size(); ++i)
      if (racers_[i].section == section) Q_EMIT committed(static_cast<int>(i), editor);
  });
}

void RaceForm::add_variant(const SettingsSection* section) {
  for (std::size_t i = 0; i < racers_.size(); ++i) {
    if (racers_[i].section != section) continue;
    Experiment same(racers_[i].rule);
    fill(static_cast<int>(i), same);
    add_racer(racers_[i].rule, i + 1);
    show_values(racers_[i + 1], same);
    racers_[i + 1].own = racers_[i].own;
    racers_[i + 1].section->set_expanded(true);
    return after_change();
  }
}

void RaceForm::remove_racer(const SettingsSection* section) {
  for (std::size_t i = 0; i < racers_.size(); ++i) {
    if (racers_[i].section != section) continue;
    racers_[i].section->hide();
    racers_[i].section->deleteLater();
    racers_.erase(racers_.begin() + static_cast<std::ptrdiff_t>(i));
    return after_change();
  }
}

void RaceForm::show_values(Racer& racer, const Experiment& experiment) {
  for (SettingEditor* editor : racer.section->editors())
    if (experiment.has(editor->key())) editor->set_value(experiment.value(editor->key()));
  hide_meaningless(racer);
}

void RaceForm::hide_meaningless(Racer& racer) {
  for (const SettingEditor* editor : racer.section->editors()) {
    const Setting& setting = editor->setting();
    if (setting.depends_on.empty()) continue;
    for (const SettingEditor* other : racer.section->editors())
      if (other->key() == setting.depends_on || other->key() == "rule." + setting.depends_on)
        racer.section->set_meaningful(
            editor, std::find(setting.depends_values.begin(), setting.depends_values.end(), other->text()) !=
                        setting.depends_values.end());
  }
}

void RaceForm::after_change() {
  for (const auto& [key, box] : boxes_)
    box->setChecked(
        std::any_of(racers_.begin(), racers_.end(), [&](const Racer& r) { return r.rule == key; }));
  if (label_width_ > 0) set_label_width(label_width_);
  set_running(running_);
  Q_EMIT racers_changed();
  Q_EMIT edited();
}

void RaceForm::show_labels(const std::vector<Experiment>& experiments) {
  const std::string name = key_of(&RunSettings::name);
  for (std::size_t i = 0; i < racers_.size() && i < experiments.size(); ++i) {
    QString title = name_of_rule(racers_[i].rule);
    for (const auto& [key, value] : experiments[i].entries()) {
      if (key == name || key == rule_name_key()) continue;
      const bool differs = std::any_of(
          experiments.begin(), experiments.end(), [&, key = key, value = value](const Experiment& other) {
            const bool comparable = !is_of_rule(key) || other.rule() == experiments[i].rule();
            return comparable && other.has(key) && other.value(key) != value;
          });
      if (differs)
        title += QStringLiteral(" · %1 %2")
                     .arg(label_of_key(key).toLower(), QString::fromStdString(to_text(value)));
    }
    racers_[i].section->set_title(title);
  }
}

void RaceForm::set_running(bool running) {
  running_ = running;
  for (const auto& [key, box] : boxes_) box->setEnabled(!running);
  for (const Racer& racer : racers_) {
    for (SettingEditor* editor : racer.section->editors())
      editor->setEnabled(!running || editor->setting().live);
    for (auto* button : racer.section->findChildren<QToolButton*>())
      if (button->objectName() == QLatin1String("add_variant") ||
          button->objectName() == QLatin1String("remove_racer"))
        button->setEnabled(!running);
  }
}

int RaceForm::set_filter(const QString& words) {
  const QStringList all = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  int fitting = 0;
  for (const auto& [key, box] : boxes_) {
    const QString haystack =
        box->text() + QLatin1Char(' ') + QString::fromStdString(key) + box->accessibleDescription();
    const bool fits = std::all_of(all.begin(), all.end(), [&](const QString& word) {
      return haystack.contains(word, Qt::CaseInsensitive);
    });
    box->setVisible(fits);
    fitting += fits;
  }
  for (const Family& family : families_) {
    const bool any = std::any_of(family.boxes.begin(), family.boxes.end(),
                                 [](const QCheckBox* box) { return !box->isHidden(); });
    family.drawing->setVisible(any);
    family.title->setVisible(any);
  }
  for (const Racer& racer : racers_) fitting += racer.section->set_filter(words);
  return fitting;
}

void RaceForm::refresh() {
  for (const Family& family : families_)
    family.drawing->setPixmap(drawing_of_family(family.family, palette(), devicePixelRatioF()));
  for (const Racer& racer : racers_) racer.section->refresh();
}

int RaceForm::label_width() const {
  int width = 0;
  for (const Racer& racer : racers_) width = std::max(width, racer.section->label_width());
  return width;
}

void RaceForm::set_label_width(int width) {
  label_width_ = width;
  // The rules' sections are indented by a section's margin: their controls start in the same column as all
  // others.
  for (const Racer& racer : racers_) racer.section->set_label_width(std::max(40, width - 20));
}

}  // namespace grapevine
