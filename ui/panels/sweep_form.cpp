#include "ui/panels/sweep_form.h"

#include <QComboBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/content_uuid.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/monitor.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "ui/panels/counted.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

/// Every setting, those of the rules in use with their prefix.
QStringList keys_of_settings(const ExperimentPlan& plan) {
  QStringList keys{QString::fromStdString(key_of(&RunSettings::seed)),
                   QString::fromStdString(rule_name_key())};
  for (const Setting& setting : experiment_settings()) keys << QString::fromStdString(setting.key);
  for (const Experiment& racer : plan.racers)
    if (const RuleDescriptor* rule = find_rule(racer.rule()))
      for (const Setting& setting : rule->settings)
        keys << QStringLiteral("rule.") + QString::fromStdString(setting.key);
  keys.removeDuplicates();
  return keys;
}

/// "Learning rate (optimizer.lr)": a key alone says little to those who have not read the settings' list.
QString name_of_key(const QString& key) {
  return QStringLiteral("%1 (%2)").arg(label_of_key(key.toStdString()), key);
}

void choose_key(QComboBox& box, const QString& key) {
  if (const int place = box.findData(key); place >= 0)
    box.setCurrentIndex(place);
  else
    box.setEditText(key);
}

/// Of one of the names offered, of a key that was typed, or of a label that only one setting has.
std::string key_in(const QComboBox& box) {
  const QString text = box.currentText().trimmed();
  if (const int place = box.findText(text, Qt::MatchFixedString); place >= 0)
    return box.itemData(place).toString().toStdString();
  QString labelled;
  for (int i = 0; i < box.count(); ++i) {
    const QString key = box.itemData(i).toString();
    if (label_of_key(key.toStdString()).compare(text, Qt::CaseInsensitive) != 0) continue;
    if (!labelled.isEmpty()) return text.toStdString();
    labelled = key;
  }
  return (labelled.isEmpty() ? text : labelled).toStdString();
}

/// "0..9" and "10..50:10" as the numbers from the first to the last, by the step behind the colon; anything
/// else as it is. Throws InputError for a step that leads nowhere or to too many.
QStringList values_of(const QString& value) {
  static const QRegularExpression range(
      QStringLiteral(R"(^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?$)"));
  const QRegularExpressionMatch found = range.match(value);
  if (!found.hasMatch()) return {value};
  const double first = found.captured(1).toDouble(), last = found.captured(2).toDouble(),
               step = found.captured(3).isEmpty() ? 1 : found.captured(3).toDouble();
  constexpr double most = 10000;
  const double steps = step > 0 ? std::floor((last - first) / step + 1e-9) : -1;
  if (steps < 0 || steps >= most)
    throw InputError(
        "'" + value.toStdString() +
        "' is not a valid range: enter FIRST..LAST or FIRST..LAST:STEP, as 0..9 or 10..50:10, of "
        "at most 10,000 values");
  QStringList values;
  for (int i = 0; i <= static_cast<int>(steps); ++i) values << QString::number(first + i * step, 'g', 12);
  return values;
}

/// Commas within brackets belong to a value: [64, 64], [32].
QStringList values_in(const QString& text) {
  QStringList values;
  int depth = 0;
  QString value;
  for (const QChar c : text) {
    if (c == QLatin1Char('[')) ++depth;
    if (c == QLatin1Char(']')) --depth;
    if (c == QLatin1Char(',') && depth == 0) {
      values << values_of(value.trimmed());
      value.clear();
    } else {
      value += c;
    }
  }
  values << values_of(value.trimmed());
  values.removeAll(QString());
  return values;
}

const Setting* setting_of(const std::string& key, const ExperimentPlan& plan) {
  for (const Experiment& racer : plan.racers)
    if (const Setting* setting = find_setting(key, racer.rule())) return setting;
  return find_setting_of_any_rule(key);
}

bool is_list(const Setting* setting) {
  return setting && (setting->kind == Kind::integer_list || setting->kind == Kind::number_list ||
                     setting->kind == Kind::text_list);
}

/// JSON where it is some, else a bare word; of a setting that is a list a single one is a list of one.
nlohmann::json value_of(const QString& text, const Setting* setting) {
  nlohmann::json value = nlohmann::json::parse(text.toStdString(), nullptr, false);
  if (value.is_discarded()) value = text.toStdString();
  if (is_list(setting) && !value.is_array()) return nlohmann::json::array({std::move(value)});
  return value;
}

/// What may be typed as a setting's values.
QString example_of(const Setting* setting) {
  if (!setting) return QStringLiteral("1e-3, 1e-2");
  switch (setting->kind) {
    case Kind::integer_list:
      return QStringLiteral("16, 32, [64, 64]");
    case Kind::number_list:
      return QStringLiteral("[0.5], [0.5, 0.1]");
    case Kind::text_list:
      return QStringLiteral("[\"a\"], [\"a\", \"b\"]");
    case Kind::integer:
      return QStringLiteral("0..9 or 10..50:10");
    case Kind::boolean:
      return QStringList{QStringLiteral("true"), QStringLiteral("false")}.join(QStringLiteral(", "));
    default:
      break;
  }
  QStringList choices;
  for (const std::string& choice : setting->choices)
    if (choices.size() < 2) choices << QString::fromStdString(choice);
  return choices.isEmpty() ? QStringLiteral("1e-3, 1e-2") : choices.join(QStringLiteral(", "));
}

}  // namespace

SweepForm::SweepForm(ExperimentPlan plan, QWidget* parent)
    : QDialog(parent),
      plan_(std::move(plan)),
      kind_(new QComboBox(this)),
      column_(new QVBoxLayout),
      words_(new QLabel(this)) {
  setWindowTitle(tr("Sweep"));
  auto* whole = new QVBoxLayout(this);
  auto* intro =
      new QLabel(tr("The form's experiment is trained over these values, each run of its own."), this);
  intro->setWordWrap(true);
  whole->addWidget(intro);
  kind_->addItem(tr("Grid: every combination"));
  kind_->addItem(tr("List: first with first, second with second"));
  kind_->addItem(tr("Search: the best value of one setting"));
  const QStringList tips{tr("One run for each combination of the values below"),
                         tr("One run for the first values together, one for the second, and so on"),
                         tr("Each rule tries the same values of one setting, usually its learning rate, with "
                            "the first seed, and "
                            "is judged on validation data; its best value is then trained with all seeds")};
  for (int i = 0; i < kind_->count(); ++i) kind_->setItemData(i, tips[i], Qt::ToolTipRole);
  kind_->setAccessibleName(tr("Grid, list or search"));
  whole->addWidget(kind_);
  whole->addLayout(column_);
  auto* more = new QPushButton(tr("Another setting"), this);
  whole->addWidget(more, 0, Qt::AlignLeft);
  words_->setWordWrap(true);
  whole->addWidget(words_);
  whole->addStretch(1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  queue_ = buttons->addButton(tr("Queue"), QDialogButtonBox::AcceptRole);
  whole->addWidget(buttons);
  connect(more, &QPushButton::clicked, this, [this] { add_row({}, {}); });
  connect(kind_, &QComboBox::currentIndexChanged, this, &SweepForm::look);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  resize(820, 320);
  add_row(QString::fromStdString(key_of(&OptimizerSettings::lr)), QStringLiteral("1e-4, 3e-4, 1e-3"));
  add_row(QString::fromStdString(key_of(&RunSettings::seed)), QStringLiteral("0, 1, 2"));
  search_row_ = make_search_row();
  whole->insertWidget(whole->indexOf(more), search_row_);
}

QWidget* SweepForm::make_search_row() {
  auto* row = new QWidget(this);
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(0, 0, 0, 0);
  auto* label = new QLabel(tr("Setting to search"), row);
  searched_ = new QComboBox(row);
  searched_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  searched_->setAccessibleName(label->text());
  searched_->setToolTip(
      tr("Its values above are what each rule tries: as many for one as for the other, so that a ranking of "
         "them is fair"));
  label->setBuddy(searched_);
  line->addWidget(label);
  line->addWidget(searched_);
  line->addStretch(1);
  row->hide();
  connect(searched_, &QComboBox::currentIndexChanged, this, &SweepForm::look);
  return row;
}

void SweepForm::add_row(const QString& key, const QString& values) {
  auto* line = new QWidget(this);
  auto* row = new QHBoxLayout(line);
  row->setContentsMargins(0, 0, 0, 0);
  Row made{line, new QComboBox(line), new QLineEdit(line)};
  made.key->setEditable(true);
  made.key->setInsertPolicy(QComboBox::NoInsert);
  for (const QString& known : keys_of_settings(plan_)) made.key->addItem(name_of_key(known), known);
  made.key->completer()->setFilterMode(Qt::MatchContains);
  made.key->completer()->setCompletionMode(QCompleter::PopupCompletion);
  made.key->lineEdit()->setPlaceholderText(tr("setting"));
  choose_key(*made.key, key);
  // The longest of all settings' names would leave the values no room.
  made.key->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  made.key->setMinimumContentsLength(26);
  made.key->setAccessibleName(tr("Setting"));
  made.values->setText(values);
  made.values->setPlaceholderText(tr("values, as 1e-3, 1e-2 or 0..9 or 10..50:10 or [64, 64], [32]"));
  made.values->setAccessibleName(tr("Values"));
  row->addWidget(made.key, 3);
  row->addWidget(made.values, 5);
  auto* remove = new QPushButton(tr("Remove"), line);
  remove->setToolTip(tr("Leave this setting as the form has it"));
  remove->setAutoDefault(false);  // Enter in a row is not meant for it
  row->addWidget(remove);
  connect(remove, &QPushButton::clicked, this, [this, line] {
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (rows_[i].line == line) return remove_row(i);
  });
  column_->addWidget(line);
  connect(made.key, &QComboBox::currentTextChanged, this, &SweepForm::look);
  connect(made.values, &QLineEdit::textChanged, this, &SweepForm::look);
  // What is longer than the field is read under the pointer.
  connect(made.values, &QLineEdit::textChanged, made.values, &QWidget::setToolTip);
  made.values->setToolTip(values);
  rows_.push_back(made);
  look();
}

void SweepForm::remove_row(std::size_t row) {
  QWidget* line = rows_.at(row).line;
  rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(row));
  line->hide();
  line->deleteLater();  // its button is in the middle of its click
  look();
}

void SweepForm::set_row(std::size_t row, const QString& key, const QString& values) {
  choose_key(*rows_.at(row).key, key);
  rows_.at(row).values->setText(values);
}

void SweepForm::set_list(bool list) {
  kind_->setCurrentIndex(list ? 1 : 0);
}

QString SweepForm::words() const {
  return words_->text();
}

nlohmann::json SweepForm::document(const ExperimentPlan& plan) const {
  nlohmann::json document{{"experiment", plan_to_json(plan)}, {"grid", nlohmann::json::object()}};
  for (const Row& row : rows_) {
    const std::string key = key_in(*row.key);
    if (key.empty()) continue;
    nlohmann::json& values = document["grid"][key] = nlohmann::json::array();
    for (const QString& value : values_in(row.values->text()))
      values.push_back(value_of(value, setting_of(key, plan_)));
  }
  return document;
}

Queued SweepForm::list() const {
  Queued queued;
  std::string identity = plan_to_json(plan_).dump();
  std::vector<std::pair<std::string, QStringList>> columns;
  for (const Row& row : rows_)
    if (const std::string key = key_in(*row.key); !key.empty())
      columns.emplace_back(key, values_in(row.values->text()));
  if (columns.empty()) throw InputError("a list needs a setting and its values");
  for (const auto& [key, values] : columns) {
    if (values.size() != columns.front().second.size())
      throw InputError("a list needs as many values of " + key + " as of " + columns.front().first);
    identity += key + values.join(QLatin1Char(',')).toStdString();
  }
  for (qsizetype i = 0; i < columns.front().second.size(); ++i) {
    Overrides overrides;
    for (const auto& [key, values] : columns) overrides.sets.push_back(key + "=" + values[i].toStdString());
    const ExperimentPlan plan = make_plan(plan_to_json(plan_).dump(), "the list", overrides);
    for (const Experiment& racer : plan.racers)
      if (const auto complaints = racer.complaints(); !complaints.empty())
        throw InputError(complaints.front().message);
    queued.plans.push_back(queued_plan(plan).plans.front());
  }
  if (queued.plans.size() > 1) queued.group_uuid = uuid_of_content(identity);
  return queued;
}

/// Those of the rows that can be searched, and where there is none the learning rate over its usual values.
void SweepForm::offer_keys_to_search() {
  QStringList keys;
  for (const Row& row : rows_)
    if (const std::string key = key_in(*row.key); may_be_tuned(key)) keys << QString::fromStdString(key);
  if (keys.isEmpty()) keys << QString::fromStdString(key_of(&OptimizerSettings::lr));
  const QString chosen = searched_->currentData().toString();
  const QSignalBlocker quiet(searched_);
  searched_->clear();
  for (const QString& key : keys) searched_->addItem(name_of_key(key), key);
  searched_->setCurrentIndex(std::max(0, searched_->findData(chosen)));
}

QString SweepForm::look_at_search() {
  offer_keys_to_search();
  ExperimentPlan plan = plan_;
  for (Experiment& racer : plan.racers) make_folders_absolute(racer);
  const std::string validation = key_of(&DataSettings::validation);
  const bool listed =
      std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return key_in(*row.key) == validation; });
  const bool set_aside = !listed && !std::all_of(plan.racers.begin(), plan.racers.end(),
                                                 [](const Experiment& racer) { return validates(racer); });
  if (set_aside)
    for (Experiment& racer : plan.racers) racer.set(validation, 0.1);
  const TuningOrder order{document(plan).dump(), searched_->currentData().toString().toStdString()};
  const OrderedTuning ordered = make_tuning(order);
  const TuningSize size = size_of(ordered.tuning);
  const auto searched = static_cast<int>(size.searched), more = static_cast<int>(size.more);
  const QString judge = QString::fromStdString(ordered.tuning.judge->name), key = searched_->currentText();
  QStringList words{tr("%1 runs: %2 to search, then %3 more with the values chosen.")
                        .arg(searched + more)
                        .arg(searched)
                        .arg(more)};
  words << (size.contestants == 1
                ? tr("The %1 values of %2 are tried with the first seed and judged by the best %3.")
                      .arg(size.values)
                      .arg(key, judge)
                : tr("Each of %1 rules or variants tries the same %2 values of %3 with the first seed and is "
                     "judged by its best %4.")
                      .arg(size.contestants)
                      .arg(size.values)
                      .arg(key, judge));
  if (size.seeds == 1) words << tr("One seed is listed: list several for a mean over seeds.");
  if (set_aside)
    words << tr("A tenth of the training data is set aside for validation, as the form sets none aside.");
  search_ = order;
  return words.join(QLatin1Char(' '));
}

QString SweepForm::look_at_runs() {
  const bool grid = kind_->currentIndex() == as_grid;
  queued_ = grid ? queued_sweep(make_sweep(document(plan_).dump(), "the sweep", {})) : list();
  const int count = static_cast<int>(queued_->plans.size());
  // The racers of a race are swept too: what is typed makes fewer cells than experiments.
  const int racers = static_cast<int>(plan_.racers.size());
  if (!grid || racers == 1 || count % racers != 0)
    return counted(count, tr("1 experiment."), tr("%n experiments.", nullptr, count));
  return counted(count / racers, tr("1 cell of %1 racers: %2 experiments."),
                 tr("%n cells of %1 racers: %2 experiments.", nullptr, count / racers))
      .arg(racers)
      .arg(count);
}

QString SweepForm::missing_words() const {
  bool any = false;
  for (const Row& row : rows_) {
    const std::string key = key_in(*row.key);
    const bool has_values = !row.values->text().trimmed().isEmpty();
    if (key.empty() && has_values) return tr("Choose the setting that takes these values.");
    if (key.empty()) continue;
    any = true;
    if (!has_values)
      return tr("Enter the values of %1, with commas between them: %2.")
          .arg(label_of_key(key), example_of(setting_of(key, plan_)));
  }
  return any || kind_->currentIndex() == as_search ? QString() : tr("Choose a setting to vary.");
}

QString SweepForm::list_words() const {
  for (const Row& row : rows_) {
    const std::string key = key_in(*row.key);
    if (!is_list(setting_of(key, plan_))) continue;
    const QStringList values = values_in(row.values->text());
    if (values.size() < 2 || values.join(QString()).contains(QLatin1Char('['))) continue;
    return tr("%1: a list of one each, [%2] and so on; [%3] is one list.")
        .arg(label_of_key(key), values.front(), values.join(QStringLiteral(", ")));
  }
  return {};
}

void SweepForm::say(const QString& words, bool is_problem) {
  QPalette palette = words_->palette();
  palette.setColor(QPalette::WindowText,
                   is_problem ? tone_colour(Tone::problem, is_dark(palette)) : palette.color(QPalette::Text));
  words_->setPalette(palette);
  words_->setText(words);
}

void SweepForm::look() {
  const bool is_search = kind_->currentIndex() == as_search;
  queued_.reset();
  search_.reset();
  if (search_row_) search_row_->setVisible(is_search);
  // Nothing is wrong before something was typed.
  if (const QString missing = missing_words(); !missing.isEmpty()) {
    say(missing, false);
  } else {
    try {
      const QString words = is_search ? look_at_search() : look_at_runs(), lists = list_words();
      say(lists.isEmpty() ? words : words + QLatin1Char(' ') + lists, false);
    } catch (const Error& error) {
      queued_.reset();
      QString words = QString::fromUtf8(error.what());
      // The window has no such option, and the rest of the sentence needs none.
      if (const QString option = QStringLiteral("--tune "); words.startsWith(option))
        words.remove(0, option.size());
      say(words, true);
    }
  }
  if (!queue_) return;
  queue_->setText(is_search ? tr("Queue the search") : tr("Queue"));
  queue_->setEnabled(queued_.has_value() || search_.has_value());
}

}  // namespace grapevine
