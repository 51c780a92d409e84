#include "ui/panels/live_dock.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/bound_settings.h"
#include "engine/experiment/registry.h"
#include "engine/runs/stored_values.h"
#include "ui/panels/setting_editor.h"
#include "ui/panels/slider_scale.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

constexpr int rest_ms = 250;

double number_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return 0;
}

Value value_for(const Setting& setting, double number) {
  if (setting.kind == Kind::integer) return static_cast<std::int64_t>(number);
  return number;
}

/// All that may change live, with full keys: everybody's, then the rule's own.
std::vector<std::pair<std::string, Setting>> live_settings(const Experiment& experiment) {
  std::vector<std::pair<std::string, Setting>> all;
  for (const Setting& setting : experiment_settings())
    if (setting.live) all.emplace_back(setting.key, setting);
  if (const RuleDescriptor* rule = find_rule(experiment.rule()))
    for (const Setting& setting : rule->settings)
      if (setting.live) all.emplace_back(rule_group + setting.key, setting);
  return all;
}

/// Without the form's headings a calibration's "Every" says nothing.
QString name_of_line(const Setting& setting, const std::string& key) {
  const QString group = key.starts_with("calibration.") ? QString::fromStdString(setting.group) : QString();
  return group.isEmpty() ? label_of_key(key) : LiveDock::tr("%1: %2").arg(group, label_of_key(key).toLower());
}

bool says_something(const Setting& setting, const Experiment& experiment) {
  if (setting.depends_on.empty() || !experiment.has(setting.depends_on)) return true;
  const std::string word = to_text(experiment.value(setting.depends_on));
  return std::find(setting.depends_values.begin(), setting.depends_values.end(), word) !=
         setting.depends_values.end();
}

}  // namespace

Experiment with_live_changes(Experiment as_begun, const RunData& run) {
  std::vector<std::pair<std::string, std::string>> made;  // key, the value before it; no key: something else
  for (const Event& event : run.events) {
    if (event.kind == EventKind::undo && !made.empty()) {
      if (const auto& [key, before] = made.back(); !key.empty()) as_begun.set_text(key, before);
      made.pop_back();
    }
    if (event.kind == EventKind::lesion || event.kind == EventKind::freeze ||
        event.kind == EventKind::calibration)
      made.emplace_back();
    if (event.kind != EventKind::setting) continue;
    const nlohmann::json data = parse_stored_json(event.data);
    if (!data.is_object() || !data.contains("key") || !data["key"].is_string() || !data.contains("value") ||
        !data["value"].is_string())
      continue;
    const auto key = data["key"].get<std::string>();
    made.emplace_back();
    if (!as_begun.has(key)) continue;  // of another racer's rule
    made.back() = {key, to_text(as_begun.value(key))};
    try {
      as_begun.set_text(key, data["value"].get<std::string>());
    } catch (const InputError&) {
      // of a program that knew another range; it is shown as it was
    }
  }
  return as_begun;
}

LiveDock::LiveDock(QWidget* parent)
    : QDockWidget(tr("Live settings"), parent),
      racers_(new QComboBox),
      hint_(new QLabel),
      page_(new QWidget),
      grid_(new QGridLayout),
      sliding_(new QTimer(this)) {
  setObjectName(QStringLiteral("live_dock"));
  auto* column = new QVBoxLayout(page_);
  hint_->setWordWrap(true);
  hint_->setText(
      tr("Settings that may change while a run is in progress appear here when one does. Each change is an "
         "event in the figures and part of the run."));
  racers_->setAccessibleName(tr("Racer"));
  racers_->setObjectName(QStringLiteral("live_racer"));
  column->addWidget(hint_);
  column->addWidget(racers_);
  column->addLayout(grid_);
  column->addStretch(1);
  grid_->setColumnStretch(1, 1);
  auto* scroll = new QScrollArea;
  scroll->setWidget(page_);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  setWidget(scroll);
  sliding_->setSingleShot(true);
  sliding_->setInterval(rest_ms);
  connect(sliding_, &QTimer::timeout, this, [this] {
    if (const SettingEditor* moved = std::exchange(moved_, nullptr)) send(*moved);
  });
  connect(racers_, &QComboBox::activated, this, [this] { rebuild(); });
  racers_->hide();
}

void LiveDock::set_race(const std::vector<Experiment>& racers, const QStringList& labels) {
  begun_ = now_ = racers;
  events_seen_.assign(racers.size(), 0);
  {
    const QSignalBlocker quiet(racers_);
    racers_->clear();
    racers_->addItem(tr("All racers"));
    racers_->addItems(labels);
  }
  racers_->setVisible(racers.size() > 1);
  rebuild();
}

void LiveDock::follow(const std::vector<RunView>& runs) {
  bool news = false;
  for (std::size_t i = 0; i < runs.size() && i < begun_.size(); ++i) {
    if (runs[i]->events.size() == events_seen_[i]) continue;
    events_seen_[i] = runs[i]->events.size();
    const Experiment after = with_live_changes(begun_[i], *runs[i]);
    news = news || !(after == now_[i]);
    now_[i] = after;
  }
  if (!news) return;
  for (Line& line : lines_) {
    const Experiment* holder = first_with(line.key);
    if (!holder || line.editor == moved_) continue;
    const Value value = holder->value(line.key);
    line.editor->set_value(value);
    if (!line.slider) continue;
    const QSignalBlocker quiet(line.slider);
    const Value& as_begun = begun_[static_cast<std::size_t>(holder - now_.data())].value(line.key);
    line.slider->setValue(SliderScale(line.editor->setting(), number_of(as_begun)).place(number_of(value)));
  }
}

void LiveDock::set_running(bool running) {
  running_ = running;
  for (const Line& line : lines_) {
    line.editor->setEnabled(running);
    if (line.slider) line.slider->setEnabled(running);
  }
  hint_->setVisible(!running);
}

int LiveDock::racer() const {
  return now_.size() > 1 ? racers_->currentIndex() - 1 : -1;
}

void LiveDock::choose_racer(int racer) {
  racers_->setCurrentIndex(racer + 1);
  rebuild();
}

const Experiment* LiveDock::first_with(const std::string& key) const {
  const int chosen = racer();
  for (std::size_t i = 0; i < now_.size(); ++i)
    if ((chosen < 0 || static_cast<std::size_t>(chosen) == i) && now_[i].has(key)) return &now_[i];
  return nullptr;
}

void LiveDock::rebuild() {
  moved_ = nullptr;
  sliding_->stop();
  while (QLayoutItem* item = grid_->takeAt(0)) {
    if (item->widget()) item->widget()->deleteLater();
    delete item;
  }
  lines_.clear();
  const int chosen = racer();
  for (std::size_t i = 0; i < now_.size(); ++i) {
    if (chosen >= 0 && static_cast<std::size_t>(chosen) != i) continue;
    for (const auto& [key, setting] : live_settings(now_[i])) {
      const bool there = std::any_of(lines_.begin(), lines_.end(),
                                     [&, wanted = key](const Line& line) { return line.key == wanted; });
      const bool shared = setting.scope != Scope::run && chosen >= 0;  // a race's: of all or of none
      if (there || shared || !says_something(setting, now_[i])) continue;
      add_line(setting, key, now_[i].value(key));
    }
  }
  set_running(running_);
}

void LiveDock::add_line(const Setting& setting, const std::string& key, const Value& value) {
  const int row = grid_->rowCount();
  auto* editor = new SettingEditor(setting, key, page_);
  editor->set_value(value);
  const QString name = name_of_line(setting, key);
  auto* label = new QLabel(name, page_);
  label->setToolTip(editor->toolTip());
  label->setBuddy(editor->control());
  grid_->addWidget(label, row, 0);
  Line line{key, editor, nullptr};
  if (SliderScale::fits(setting)) {
    // Round the value that the run began with: a slider's places keep their meaning.
    const auto holder = static_cast<std::size_t>(first_with(key) - now_.data());
    const SliderScale scale(setting, number_of(begun_[holder].value(key)));
    auto* slider = new QSlider(Qt::Horizontal, page_);
    slider->setRange(0, SliderScale::places);
    slider->setPageStep(SliderScale::places / 20);
    slider->setValue(scale.place(number_of(value)));
    slider->setAccessibleName(name);
    slider->setObjectName(QStringLiteral("slider.") + QString::fromStdString(key));
    slider->setMinimumWidth(90);
    line.slider = slider;
    grid_->addWidget(slider, row, 1);
    connect(slider, &QSlider::valueChanged, this, [this, editor, scale](int place) {
      editor->set_value(value_for(editor->setting(), scale.value(place)));
      moved_ = editor;
      sliding_->start();
    });
  }
  // A text, as the list of alerts, is longer than a number.
  if (setting.kind != Kind::text) editor->setMaximumWidth(130);
  grid_->addWidget(editor, row, line.slider ? 2 : 1, 1, line.slider ? 1 : 2);
  connect(editor, &SettingEditor::committed, this, [this, editor] { send(*editor); });
  lines_.push_back(line);
}

void LiveDock::send(const SettingEditor& editor) {
  const Experiment* holder = first_with(editor.key());
  if (!running_ || !holder || !editor.problem().isEmpty()) return;
  if (const auto value = editor.value(); !value || *value == holder->value(editor.key()))
    return;  // no change
  Q_EMIT changed(QString::fromStdString(editor.key()), QString::fromStdString(editor.text()), racer());
}

}  // namespace grapevine
