// What happened, as a list to jump by.
#include "ui/panels/events_dock.h"

#include <QApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/runs/run_data.h"
#include "engine/runs/stored_values.h"
#include "ui/panels/list_table.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

// Ends of epochs and checkpoints would drown the rest; the figures and the library show them.
bool worth_listing(const Event& event) {
  return event.kind != EventKind::epoch && event.kind != EventKind::checkpoint;
}

// A changed setting by its label, as the form has it; the store keeps the key.
QString cause_of(const Event& event) {
  if (event.kind == EventKind::setting) {
    const auto data = parse_stored_json(event.data);
    if (data.is_object() && data.contains("key") && data.contains("value") && data["key"].is_string() &&
        data["value"].is_string())
      return EventsDock::tr("%1 set to %2")
          .arg(label_of_key(data["key"].get<std::string>()),
               QString::fromStdString(data["value"].get<std::string>()));
  }
  return QString::fromStdString(event.cause);
}

EventsModel::Row row_from(const QString& label, int racer, const Event& event) {
  EventsModel::Row row;
  row.racer = racer;
  row.step = event.step;
  row.epoch = event.epoch;
  row.run = label;
  row.kind = event.kind;
  row.cause = cause_of(event);
  return row;
}

}  // namespace

EventsModel::EventsModel(QObject* parent) : QAbstractTableModel(parent) {}

void EventsModel::set_runs(std::vector<RunView> runs, std::vector<QString> labels) {
  beginResetModel();
  runs_ = std::move(runs);
  labels_ = std::move(labels);
  labels_.resize(runs_.size());
  bearers_ = hue_bearers(runs_);
  seen_.assign(runs_.size(), 0);
  rows_.clear();
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    for (const Event& event : runs_[i]->events)
      if (worth_listing(event)) rows_.push_back(row_from(labels_[i], static_cast<int>(i), event));
    seen_[i] = runs_[i]->events.size();
  }
  std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.step < b.step; });
  endResetModel();
}

void EventsModel::refresh() {
  std::vector<Row> fresh;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    for (std::size_t e = seen_[i]; e < runs_[i]->events.size(); ++e)
      if (worth_listing(runs_[i]->events[e]))
        fresh.push_back(row_from(labels_[i], static_cast<int>(i), runs_[i]->events[e]));
    seen_[i] = runs_[i]->events.size();
  }
  if (fresh.empty()) return;
  std::stable_sort(fresh.begin(), fresh.end(), [](const Row& a, const Row& b) { return a.step < b.step; });
  const int first = static_cast<int>(rows_.size());
  beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
  std::move(fresh.begin(), fresh.end(), std::back_inserter(rows_));
  endInsertRows();
}

int EventsModel::row_of(int racer, std::int64_t step) const {
  const auto found = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const Row& row) { return row.racer == racer && row.step == step; });
  return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

int EventsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int EventsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : Column::count;
}

QVariant EventsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Row& each = row(index.row());
  if (role == Qt::TextAlignmentRole && index.column() == Column::step)
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole)
    return tr("Epoch %1. %2").arg(QLocale().toString(each.epoch, 'f', 2), each.cause);
  if (role == Qt::DecorationRole && index.column() == Column::run) {
    const auto racer = static_cast<std::size_t>(each.racer);
    return swatch(run_colour(*runs_[racer], bearers_[racer].shade, theme_of(QApplication::palette())));
  }
  if (role == Qt::ForegroundRole && index.column() == Column::kind) {
    const bool dark = is_dark(QApplication::palette());
    if (each.kind == EventKind::failed) return tone_colour(Tone::problem, dark);
    if (each.kind == EventKind::warning) return tone_colour(Tone::warning, dark);
  }
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case Column::step:
      return grouped(each.step);
    case Column::run:
      return each.run;
    case Column::kind:
      return sentence_case(QString::fromStdString(each.kind.text()));
    case Column::cause:
      return each.cause;
    default:
      return {};
  }
}

QVariant EventsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && section == Column::step)
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  return QStringList{tr("Step"), tr("Run"), tr("Event"), tr("What happened")}.value(section);
}

EventsDock::EventsDock(QWidget* parent)
    : QDockWidget(tr("Events"), parent),
      model_(new EventsModel(this)),
      table_(new QTableView(this)),
      empty_(new QLabel(this)),
      pages_(new QStackedWidget(this)) {
  setObjectName(QStringLiteral("events_dock"));
  table_->setModel(model_);
  table_->setAccessibleName(tr("Events"));
  look_like_a_list(*table_);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  const int em = fontMetrics().horizontalAdvance(QLatin1Char('m'));
  table_->setColumnWidth(EventsModel::Column::step, 5 * em);
  table_->setColumnWidth(EventsModel::Column::run, 9 * em);
  table_->setColumnWidth(EventsModel::Column::kind, 7 * em);
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  empty_->setMargin(20);
  empty_->setText(
      tr("Nothing yet. Calibrations, changes and warnings are listed here; click one to jump to it."));
  pages_->addWidget(table_);
  pages_->addWidget(empty_);
  setWidget(pages_);
  const auto choose = [this](const QModelIndex& index) { Q_EMIT chosen(model_->row(index.row()).step); };
  connect(table_, &QTableView::clicked, this, choose);
  connect(table_, &QTableView::activated, this, choose);
  show_state();
}

void EventsDock::set_runs(std::vector<RunView> runs, std::vector<QString> labels) {
  model_->set_runs(std::move(runs), std::move(labels));
  show_state();
}

void EventsDock::refresh() {
  // Stay at the end for those who read the end; leave everybody else where they are.
  const QScrollBar* bar = table_->verticalScrollBar();
  const bool at_end = bar->value() == bar->maximum();
  const int before = model_->rowCount();
  model_->refresh();
  if (model_->rowCount() == before) return;
  if (at_end) table_->scrollToBottom();
  show_state();
}

void EventsDock::select(int racer, std::int64_t step) {
  const int row = model_->row_of(racer, step);
  if (row < 0) return;
  table_->selectRow(row);
  table_->scrollTo(model_->index(row, 0));
}

void EventsDock::show_state() {
  pages_->setCurrentIndex(model_->rowCount() > 0 ? 0 : 1);
}

}  // namespace grapevine
