// A figure's numbers as a table.
#include "ui/panels/figure_table.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/experiment/registry.h"
#include "ui/scope/figure_rows.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {
namespace {

// A table for reading needs no more; the file and the clipboard have all of it.
constexpr std::size_t most_rows = 5000;

}  // namespace

FigureTable::FigureTable(ScopeWidget* scope, QWidget* parent)
    : QDialog(parent),
      scope_(scope),
      figure_(new QComboBox(this)),
      visible_only_(new QCheckBox(tr("Only the visible range"), this)),
      table_(new QTableWidget(this)) {
  setWindowTitle(tr("Figure as a table"));
  resize(720, 520);
  for (const std::string& name : scope_->model().figure_names())
    figure_->addItem(QString::fromStdString(name));
  figure_->setAccessibleName(tr("Figure"));
  table_->setAccessibleName(tr("Numbers of the figure"));
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->verticalHeader()->hide();
  table_->setWordWrap(false);
  auto* summary = new QLabel(scope_summary(scope_->model()), this);
  summary->setWordWrap(true);
  summary->setTextInteractionFlags(Qt::TextSelectableByKeyboard | Qt::TextSelectableByMouse);
  auto* row = new QHBoxLayout;
  row->addWidget(figure_);
  row->addWidget(visible_only_);
  row->addStretch(1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  QPushButton* copy_button = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
  QPushButton* save_button = buttons->addButton(tr("Save…"), QDialogButtonBox::ActionRole);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(summary);
  layout->addLayout(row);
  layout->addWidget(table_, 1);
  layout->addWidget(buttons);
  connect(figure_, &QComboBox::currentIndexChanged, this, &FigureTable::fill);
  connect(visible_only_, &QCheckBox::toggled, this, &FigureTable::fill);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(copy_button, &QPushButton::clicked, this, &FigureTable::copy);
  connect(save_button, &QPushButton::clicked, this, &FigureTable::save);
  fill();
}

void FigureTable::fill() {
  const std::vector<FigureRow> rows =
      figure_rows(scope_->model(), figure_->currentIndex(), visible_only_->isChecked());
  QStringList head{tr("Run"),   tr("Measure"), tr("Layer"), tr("Step"),
                   tr("Epoch"), tr("Seconds"), tr("Value")};
  const bool groups =
      std::any_of(rows.begin(), rows.end(), [](const FigureRow& row) { return row.count > 0; });
  if (groups) head << tr("From") << tr("To") << tr("N");
  table_->clear();
  table_->setColumnCount(static_cast<int>(head.size()));
  table_->setHorizontalHeaderLabels(head);
  // The newest rows are those that somebody asks for.
  const std::size_t first = rows.size() > most_rows ? rows.size() - most_rows : 0;
  table_->setRowCount(static_cast<int>(rows.size() - first));
  for (std::size_t i = first; i < rows.size(); ++i) {
    const FigureRow& row = rows[i];
    const int measure = measure_index(row.measure);
    QStringList cells{QString::fromStdString(row.run),
                      QString::fromStdString(
                          measure < 0 ? row.measure : measures()[static_cast<std::size_t>(measure)].name),
                      row.point > 0 ? QString::number(row.point) : QString(),
                      QLocale().toString(static_cast<qlonglong>(row.step)),
                      QLocale().toString(row.epoch, 'f', 3),
                      QLocale().toString(row.seconds, 'f', 2),
                      std::isfinite(row.value) ? QLocale().toString(row.value, 'g', 6) : tr("not a number")};
    if (row.count > 0)
      cells << QLocale().toString(row.low, 'g', 6) << QLocale().toString(row.high, 'g', 6)
            << QString::number(row.count);
    for (int column = 0; column < cells.size(); ++column) {
      auto* cell = new QTableWidgetItem(cells[column]);
      if (column > 1) cell->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
      table_->setItem(static_cast<int>(i - first), column, cell);
    }
  }
  table_->resizeColumnsToContents();
}

void FigureTable::copy() const {
  QGuiApplication::clipboard()->setText(
      figure_csv(scope_->model(), figure_->currentIndex(), visible_only_->isChecked()));
}

void FigureTable::save() {
  const SavedFigure saved =
      scope_->save_figure(this, figure_->currentIndex(), FigureForm::numbers, visible_only_->isChecked());
  if (!saved.trouble.isEmpty()) QMessageBox::warning(this, windowTitle(), saved.trouble);
}

}  // namespace grapevine
