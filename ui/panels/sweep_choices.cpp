#include "ui/panels/sweep_choices.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "ui/panels/library_column.h"
#include "ui/panels/sweep_axes.h"

namespace grapevine {
namespace {

using Form = SweepView::Form;

/// As they are remembered.
constexpr std::pair<Form, const char*> form_words[] = {
    {Form::automatic, ""}, {Form::curve, "curve"}, {Form::heat_map, "map"}, {Form::table, "table"}};

const char* word_of(Form form) {
  return std::find_if(std::begin(form_words), std::end(form_words),
                      [&](const auto& known) { return known.first == form; })
      ->second;
}

Form form_of(const std::string& word) {
  const auto* known = std::find_if(std::begin(form_words), std::end(form_words),
                                   [&](const auto& each) { return word == each.second; });
  return known == std::end(form_words) ? Form::automatic : known->first;
}

QString title_of(const RunKey& key) {
  LibraryColumn column;
  column.key = key;
  return column.title();
}

/// An item that is not offered is remembered all the same: the sweep's first runs may lack it.
void choose_data(QComboBox* box, const QString& data) {
  if (const int place = box->findData(data); place >= 0) return box->setCurrentIndex(place);
  try {
    box->addItem(title_of(parse_run_key(data.toStdString())), data);
  } catch (const InputError&) {
    box->addItem(data, data);  // of a program that knew more
  }
  box->setCurrentIndex(box->count() - 1);
}

/// What was measured, and behind a line all that can be.
void offer_measures(QComboBox* box, const Comparison& comparison, std::optional<std::size_t> ranked_by) {
  box->clear();
  box->addItem(ranked_by ? SweepChoices::tr("Automatic: %1").arg(title_of(comparison.measures[*ranked_by]))
                         : SweepChoices::tr("Automatic"),
               QString());
  for (const RunKey& key : comparison.measures)
    box->addItem(title_of(key), QString::fromStdString(key.text()));
  box->insertSeparator(box->count());
  for (const MeasureDescriptor& measure : measures()) {
    if (measure.is_error || measure.only_stored) continue;
    RunKey key;
    key.kind = RunKey::Kind::measure;
    key.name = measure.key;
    if (const QString text = QString::fromStdString(key.text()); box->findData(text) < 0)
      box->addItem(title_of(key), text);
  }
}

void offer_axes(QComboBox* box, const Comparison& comparison) {
  box->clear();
  box->addItem(SweepChoices::tr("Automatic"), QString());
  for (const SweepAxis& axis : sweep_axes(comparison))
    box->addItem(axis.title, QString::fromStdString(comparison.keys[axis.key].text()));
}

}  // namespace

std::string choices_text(const ChoicesBySweep& choices) {
  nlohmann::json all = nlohmann::json::object();
  for (const auto& [sweep, choice] : choices)
    if (choice != SweepChoice())
      all[sweep] = {{"measure", choice.measure}, {"x", choice.view.x}, {"form", word_of(choice.view.form)}};
  return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

ChoicesBySweep read_choices(const std::string& text) {
  ChoicesBySweep choices;
  const auto all = nlohmann::json::parse(text, nullptr, false);
  if (!all.is_object()) return choices;
  for (const auto& [sweep, one] : all.items()) {
    const auto word = [&, &one = one](const char* key) {
      const auto found = one.is_object() ? one.find(key) : one.end();
      return found != one.end() && found->is_string() ? found->template get<std::string>() : std::string();
    };
    choices[sweep] = {word("measure"), {word("x"), form_of(word("form"))}};
  }
  return choices;
}

SweepChoices::SweepChoices(QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  measure_ = add(row, tr("Measure"), tr("What the figure shows: its mean over seeds ± the deviation"));
  axis_ =
      add(row, tr("Against"), tr("The setting along the figure; automatic: the number with the most values"));
  form_ =
      add(row, tr("As"),
          tr("Curves, a map of one setting against the others, or the table alone; automatic: a map where "
             "two numbers vary and nothing else"));
  for (const auto& [form, word] : {std::pair{Form::automatic, tr("Automatic")},
                                   {Form::curve, tr("Curves")},
                                   {Form::heat_map, tr("Heat map")},
                                   {Form::table, tr("Table alone")}})
    form_->addItem(word, static_cast<int>(form));
  offer({}, {});
}

QComboBox* SweepChoices::add(QHBoxLayout* row, const QString& name, const QString& help) {
  auto* label = new QLabel(name, this);
  auto* box = new QComboBox(this);
  label->setBuddy(box);
  box->setAccessibleName(name);
  box->setToolTip(help);
  constexpr int letters = 16;  // the longest of all measures' names would leave the others no room
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(letters);
  row->addWidget(label);
  row->addWidget(box);
  connect(box, &QComboBox::currentIndexChanged, this, &SweepChoices::changed);
  return box;
}

void SweepChoices::offer(const Comparison& comparison, std::optional<std::size_t> ranked_by) {
  const SweepChoice kept = chosen();
  {
    const QSignalBlocker quiet_measure(measure_), quiet_axis(axis_);
    offer_measures(measure_, comparison, ranked_by);
    offer_axes(axis_, comparison);
  }
  choose(kept);
}

void SweepChoices::choose(const SweepChoice& choice) {
  const QSignalBlocker quiet_measure(measure_), quiet_axis(axis_), quiet_form(form_);
  choose_data(measure_, QString::fromStdString(choice.measure));
  choose_data(axis_, QString::fromStdString(choice.view.x));
  form_->setCurrentIndex(std::max(0, form_->findData(static_cast<int>(choice.view.form))));
}

SweepChoice SweepChoices::chosen() const {
  return {measure_->currentData().toString().toStdString(),
          {axis_->currentData().toString().toStdString(), static_cast<Form>(form_->currentData().toInt())}};
}

}  // namespace grapevine
