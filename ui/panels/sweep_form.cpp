#include "ui/panels/sweep_form.h"

#include <QComboBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/content_uuid.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "ui/panels/counted.h"
#include "ui/panels/window_theme.h"

namespace grapevine {
namespace {

/// Every setting, those of the rules in use with their prefix.
QStringList keys_of_settings(const ExperimentPlan& plan) {
  QStringList keys{QStringLiteral("seed"), QStringLiteral("rule.name")};
  for (const Setting& setting : experiment_settings()) keys << QString::fromStdString(setting.key);
  for (const Experiment& racer : plan.racers)
    if (const RuleDescriptor* rule = find_rule(racer.rule()))
      for (const Setting& setting : rule->settings)
        keys << QStringLiteral("rule.") + QString::fromStdString(setting.key);
  keys.removeDuplicates();
  return keys;
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
      values << value.trimmed();
      value.clear();
    } else {
      value += c;
    }
  }
  values << value.trimmed();
  values.removeAll(QString());
  return values;
}

/// JSON where it is some, else a bare word.
nlohmann::json value_of(const QString& text) {
  const nlohmann::json value = nlohmann::json::parse(text.toStdString(), nullptr, false);
  return value.is_discarded() ? nlohmann::json(text.toStdString()) : value;
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
      new QLabel(tr("The form's experiment is queued once for each combination of these values."), this);
  intro->setWordWrap(true);
  whole->addWidget(intro);
  kind_->addItem(tr("Grid: every combination"));
  kind_->addItem(tr("List: first with first, second with second"));
  kind_->setAccessibleName(tr("Grid or list"));
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
  resize(560, 320);
  add_row(QStringLiteral("optimizer.lr"), QStringLiteral("1e-4, 3e-4, 1e-3"));
  add_row(QStringLiteral("seed"), QStringLiteral("0, 1, 2"));
}

void SweepForm::add_row(const QString& key, const QString& values) {
  auto* row = new QHBoxLayout;
  Row made{new QComboBox(this), new QLineEdit(this)};
  made.key->setEditable(true);
  made.key->setInsertPolicy(QComboBox::NoInsert);
  made.key->addItems(keys_of_settings(plan_));
  made.key->completer()->setFilterMode(Qt::MatchContains);
  made.key->completer()->setCompletionMode(QCompleter::PopupCompletion);
  made.key->setCurrentText(key);
  made.key->setAccessibleName(tr("Setting"));
  made.values->setText(values);
  made.values->setPlaceholderText(tr("values, with commas between them"));
  made.values->setAccessibleName(tr("Values"));
  row->addWidget(made.key, 2);
  row->addWidget(made.values, 3);
  column_->addLayout(row);
  connect(made.key, &QComboBox::currentTextChanged, this, &SweepForm::look);
  connect(made.values, &QLineEdit::textChanged, this, &SweepForm::look);
  rows_.push_back(made);
  look();
}

void SweepForm::set_list(bool list) {
  kind_->setCurrentIndex(list ? 1 : 0);
}

QString SweepForm::words() const {
  return words_->text();
}

Queued SweepForm::grid() const {
  nlohmann::json document{{"experiment", plan_to_json(plan_)}, {"grid", nlohmann::json::object()}};
  for (const Row& row : rows_) {
    const std::string key = row.key->currentText().trimmed().toStdString();
    if (key.empty()) continue;
    nlohmann::json& values = document["grid"][key] = nlohmann::json::array();
    for (const QString& value : values_in(row.values->text())) values.push_back(value_of(value));
  }
  return queued_sweep(make_sweep(document.dump(), "the sweep", {}));
}

Queued SweepForm::list() const {
  Queued queued;
  std::string identity = plan_to_json(plan_).dump();
  std::vector<std::pair<std::string, QStringList>> columns;
  for (const Row& row : rows_)
    if (const QString key = row.key->currentText().trimmed(); !key.isEmpty())
      columns.emplace_back(key.toStdString(), values_in(row.values->text()));
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

void SweepForm::look() {
  QPalette palette = words_->palette();
  try {
    queued_ = kind_->currentIndex() == 1 ? list() : grid();
    const int count = static_cast<int>(queued_->plans.size());
    words_->setText(counted(count, tr("1 experiment."), tr("%n experiments.", nullptr, count)));
    palette.setColor(QPalette::WindowText, palette.color(QPalette::Text));
  } catch (const Error& error) {
    queued_.reset();
    words_->setText(QString::fromUtf8(error.what()));
    palette.setColor(QPalette::WindowText, tone_colour(Tone::problem, is_dark(palette)));
  }
  words_->setPalette(palette);
  if (queue_) queue_->setEnabled(queued_.has_value());
}

}  // namespace grapevine
