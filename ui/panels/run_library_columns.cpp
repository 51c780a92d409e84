// The library's columns: chosen, remembered, narrowed to what differs, drawn.
#include <QHeaderView>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QToolButton>
#include <algorithm>
#include <set>
#include <utility>

#include "ui/panels/column_chooser.h"
#include "ui/panels/curve_delegate.h"
#include "ui/panels/library_store.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_filter.h"
#include "ui/panels/run_library_model.h"

namespace grapevine {
namespace {

/// Of more runs than this a sample has to say what differs.
constexpr std::size_t most_compared = 2000, sample_size = 500;

/// All, or a sample evenly through the list.
std::vector<std::int64_t> to_compare(const std::vector<std::int64_t>& ids) {
  if (ids.size() <= most_compared) return ids;
  std::vector<std::int64_t> some;
  for (std::size_t i = 0; i < sample_size; ++i) some.push_back(ids[i * (ids.size() - 1) / (sample_size - 1)]);
  return some;
}

/// In letters' widths.
int usual_width(const LibraryColumn& column) {
  static const std::pair<const char*, int> widths[] = {
      {"name", 13},      {"status", 7}, {"rule", 8},  {"data", 10}, {"model", 7},       {"started", 11},
      {"tags", 9},       {"notes", 14}, {"curve", 8}, {"seed", 4},  {"difference", 13}, {"score:best", 9},
      {"score:last", 9}, {"epochs", 5}, {"steps", 5}, {"device", 5}};
  for (const auto& [text, width] : widths)
    if (column.text() == QLatin1String(text)) return width;
  return std::clamp(static_cast<int>(column.title().size()) * 2 / 3 + 2, 6, 16);
}

/// Names that belong together begin alike: what is cut is their middle.
class NameDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
    QStyledItemDelegate::initStyleOption(option, index);
    option->textElideMode = Qt::ElideMiddle;
  }
};

}  // namespace

/// Widths and delegates that go with the columns; sorted as before where that column is still there.
void RunLibraryDock::tell_columns() {
  if (!names_) names_ = new NameDelegate(this);
  const LibraryColumns& columns = model_->columns();
  const int em = fontMetrics().horizontalAdvance(QLatin1Char('m'));
  for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
    const bool is_curve = columns[static_cast<std::size_t>(i)].kind == LibraryColumn::Kind::curve;
    QAbstractItemDelegate* names = columns[static_cast<std::size_t>(i)].is("name") ? names_ : nullptr;
    table_->setItemDelegateForColumn(i, is_curve ? curves_ : names);
    // A heading is never cut, not even while the arrow of the order is in it.
    table_->setColumnWidth(i, std::max(usual_width(columns[static_cast<std::size_t>(i)]) * em,
                                       table_->horizontalHeader()->sectionSizeHint(i)));
  }
  const auto started = std::find_if(columns.begin(), columns.end(),
                                    [](const LibraryColumn& column) { return column.is("started"); });
  if (started != columns.end())
    table_->sortByColumn(static_cast<int>(started - columns.begin()), Qt::DescendingOrder);
}

void RunLibraryDock::set_columns(const LibraryColumns& columns) {
  if (columns == model_->columns()) return;
  const std::vector<std::int64_t> chosen = selected();
  const int sorted = table_->horizontalHeader()->sortIndicatorSection();
  const Qt::SortOrder order = table_->horizontalHeader()->sortIndicatorOrder();
  const LibraryColumns before = model_->columns();
  widths_ = chosen_widths();
  model_->set_columns(columns);
  // What was moved by hand is already in the new order.
  for (int i = 0; i < static_cast<int>(columns.size()); ++i)
    table_->horizontalHeader()->moveSection(table_->horizontalHeader()->visualIndex(i), i);
  tell_columns();
  for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
    const LibraryColumn& column = columns[static_cast<std::size_t>(i)];
    if (const int width = widths_.value(column.text(), 0); width > 0) table_->setColumnWidth(i, width);
    if (sorted >= 0 && sorted < static_cast<int>(before.size()) &&
        column == before[static_cast<std::size_t>(sorted)])
      table_->sortByColumn(i, order);
  }
  for (const std::int64_t id : chosen)
    if (const QModelIndex row = filter_->mapFromSource(model_->index(model_->row_of(id), 0)); row.isValid())
      table_->selectionModel()->select(row, QItemSelectionModel::Select | QItemSelectionModel::Rows);
  ask_for_keys();
}

void RunLibraryDock::choose_columns() {
  only_differences_->setChecked(false);
  auto* chooser = new ColumnChooser(library_columns(layout_columns()), window());
  chooser->setAttribute(Qt::WA_DeleteOnClose);
  connect(chooser, &QDialog::accepted, this, [this, chooser] {
    const LibraryColumns before = model_->columns(), chosen = chooser->chosen();
    set_columns(chosen);
    // In a narrow dock even the first new one may be past the edge.
    const auto added = std::find_if(chosen.begin(), chosen.end(), [&](const LibraryColumn& column) {
      return std::find(before.begin(), before.end(), column) == before.end();
    });
    if (added != chosen.end())
      table_->scrollTo(
          filter_->index(std::max(0, table_->rowAt(0)), static_cast<int>(added - chosen.begin())));
  });
  chooser->open();
}

/// As they stand on the screen.
QStringList RunLibraryDock::layout_columns() const {
  QStringList texts;
  const QHeaderView* header = table_->horizontalHeader();
  for (int place = 0; place < header->count(); ++place)
    texts << model_->columns()[static_cast<std::size_t>(header->logicalIndex(place))].text();
  return texts;
}

/// The last section is as wide as the table leaves it, which nobody chose: it keeps what it had elsewhere.
QHash<QString, int> RunLibraryDock::chosen_widths() const {
  QHash<QString, int> widths = widths_;
  const QHeaderView* header = table_->horizontalHeader();
  for (int place = 0; place < header->count() - 1; ++place) {
    const int column = header->logicalIndex(place);
    widths[model_->columns()[static_cast<std::size_t>(column)].text()] = table_->columnWidth(column);
  }
  return widths;
}

/// Of a width of 0 nothing is known: the usual one.
QString RunLibraryDock::layout_text() const {
  QStringList parts;
  const bool narrowed = !all_columns_.empty();
  const QHeaderView* header = table_->horizontalHeader();
  const QHash<QString, int> widths = chosen_widths();
  for (const QString& text : narrowed ? texts_of(all_columns_) : layout_columns())
    parts << QStringLiteral("%1=%2").arg(text).arg(widths.value(text));
  if (narrowed) return parts.join(QLatin1Char(';'));
  if (const int sorted = header->sortIndicatorSection(); sorted >= 0 && sorted < header->count())
    parts << QStringLiteral("sort=%1%2")
                 .arg(header->sortIndicatorOrder() == Qt::DescendingOrder ? QStringLiteral("-") : QString(),
                      model_->columns()[static_cast<std::size_t>(sorted)].text());
  return parts.join(QLatin1Char(';'));
}

void RunLibraryDock::set_layout_text(const QString& text) {
  QStringList texts;
  QHash<QString, int> widths;
  QString sorted;
  for (const QString& part : text.split(QLatin1Char(';'), Qt::SkipEmptyParts)) {
    const qsizetype equals = part.lastIndexOf(QLatin1Char('='));
    const QString key = part.left(equals), value = part.mid(equals + 1);
    if (key == QLatin1String("sort")) {
      sorted = value;
      continue;
    }
    texts << key;
    widths[key] = std::clamp(value.toInt(), 0, 2000);
  }
  if (texts.isEmpty()) return;
  set_columns(library_columns(texts));
  widths_.insert(widths);
  const LibraryColumns& columns = model_->columns();
  const bool down = sorted.startsWith(QLatin1Char('-'));
  for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
    const QString name = columns[static_cast<std::size_t>(i)].text();
    if (widths.value(name) > 0) table_->setColumnWidth(i, widths.value(name));
    if (name == sorted.mid(down ? 1 : 0))
      table_->sortByColumn(i, down ? Qt::DescendingOrder : Qt::AscendingOrder);
  }
}

/// Of columns, filter and differences.
void RunLibraryDock::ask_for_keys() {
  std::vector<RunKey> keys = model_->keys();
  const auto add = [&](const std::vector<RunKey>& more) {
    for (const RunKey& key : more)
      if (key.kind != RunKey::Kind::column && std::find(keys.begin(), keys.end(), key) == keys.end())
        keys.push_back(key);
  };
  add(wanted_filter_.keys());
  add(differing_);
  add(model_->keys_deciding(differing_));
  store_->set_keys(keys);
}

/// Where somebody looks at them.
void RunLibraryDock::look_for_differences() {
  const LibraryColumns& columns = model_->columns();
  const bool looked_at =
      !all_columns_.empty() || std::any_of(columns.begin(), columns.end(), [](const LibraryColumn& column) {
        return column.kind == LibraryColumn::Kind::difference;
      });
  if (!looked_at || !body_->isVisible()) return;
  store_->find_differences(to_compare(filter_->ids()), [this](const std::vector<RunKey>& keys) {
    differing_ = keys;
    model_->set_differences(keys);
    ask_for_keys();
    if (!all_columns_.empty()) narrow_columns();
  });
}

void RunLibraryDock::narrow_columns() {
  QStringList texts{QStringLiteral("name"), QStringLiteral("curve"), QStringLiteral("score:best")};
  for (const RunKey& key : differing_) texts << QString::fromStdString(key.text());
  set_columns(library_columns(texts));
}

void RunLibraryDock::show_differences_only(bool only) {
  only_differences_->setChecked(only);
  if (only == !all_columns_.empty()) return;
  if (only && filter_->ids().size() > most_compared) {
    only_differences_->setChecked(false);
    return Q_EMIT refused(tr("More than %1 runs are shown: filter them first, then see what differs.")
                              .arg(static_cast<int>(most_compared)));
  }
  if (only) {
    all_columns_ = library_columns(layout_columns());
    narrow_columns();
    look_for_differences();
  } else {
    set_columns(std::exchange(all_columns_, {}));
  }
}

bool RunLibraryDock::is_settled() const {
  return store_->idle() && wanted_sketches_.empty() && !settle_.isActive();
}

void RunLibraryDock::read_sketches() {
  std::vector<std::int64_t> ids(wanted_sketches_.begin(), wanted_sketches_.end());
  wanted_sketches_.clear();
  if (ids.empty()) return;
  store_->sketch(
      ids, [this, ids](const std::vector<CurveSketch>& sketches) { model_->set_sketches(ids, sketches); });
}

QStringList RunLibraryDock::values_of(const RunKey& key) const {
  std::set<QString> values;
  constexpr std::size_t most_values = 50;
  for (int row = 0; row < model_->rowCount() && values.size() < most_values; ++row) {
    const QString text = QString::fromStdString(to_text(model_->cell(row, key)));
    if (key.name == "tags")
      for (const std::string& tag : tags_in(text.toStdString())) values.insert(QString::fromStdString(tag));
    else if (!text.isEmpty() && text.size() < 60)
      values.insert(text);
  }
  return QStringList(values.begin(), values.end());
}

}  // namespace grapevine
