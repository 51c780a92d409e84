// A figure's numbers as a table.
#include "ui/panels/figure_table.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSaveFile>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/scope/scope_widget.h"

namespace grapevine {
namespace {

// A table for reading needs no more; the file and the clipboard have all of it.
constexpr qsizetype most_rows = 5000;

}  // namespace

FigureTable::FigureTable(const ScopeWidget* scope, QWidget* parent)
    : QDialog(parent),
      scope_(scope),
      figure_(new QComboBox(this)),
      visible_only_(new QCheckBox(tr("Only the visible range"), this)),
      table_(new QTableWidget(this)) {
  setWindowTitle(tr("Figure as a table"));
  resize(720, 520);
  for (int i = 0; i < scope_->figure_count(); ++i) figure_->addItem(scope_->figure_title(i));
  figure_->setAccessibleName(tr("Figure"));
  table_->setAccessibleName(tr("Numbers of the figure"));
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->verticalHeader()->hide();
  auto* summary = new QLabel(scope_->summary(), this);
  summary->setWordWrap(true);
  summary->setTextInteractionFlags(Qt::TextSelectableByKeyboard | Qt::TextSelectableByMouse);
  auto* row = new QHBoxLayout;
  row->addWidget(figure_);
  row->addWidget(visible_only_);
  row->addStretch(1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  QPushButton* copy_button = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
  QPushButton* save_button = buttons->addButton(tr("Save as CSV…"), QDialogButtonBox::ActionRole);
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
  const QStringList lines = scope_->figure_table(figure_->currentIndex(), visible_only_->isChecked())
                                .split(QLatin1Char('\n'), Qt::SkipEmptyParts);
  table_->clear();
  const QStringList head = lines.value(0).split(QLatin1Char(','));
  table_->setColumnCount(static_cast<int>(head.size()));
  table_->setHorizontalHeaderLabels(head);
  // The newest rows are those that somebody asks for.
  const qsizetype first = std::max<qsizetype>(1, lines.size() - most_rows);
  table_->setRowCount(static_cast<int>(std::max<qsizetype>(0, lines.size() - first)));
  for (qsizetype i = first; i < lines.size(); ++i) {
    const QStringList cells = lines[i].split(QLatin1Char(','));
    for (qsizetype j = 0; j < cells.size(); ++j)
      table_->setItem(static_cast<int>(i - first), static_cast<int>(j), new QTableWidgetItem(cells[j]));
  }
}

void FigureTable::copy() const {
  QGuiApplication::clipboard()->setText(
      scope_->figure_table(figure_->currentIndex(), visible_only_->isChecked()));
}

void FigureTable::save() {
  const QString file = QFileDialog::getSaveFileName(this, tr("Save as CSV"), QStringLiteral("figure.csv"),
                                                    tr("Tables (*.csv);;All files (*)"));
  if (file.isEmpty()) return;
  QSaveFile out(file);
  const QByteArray text = scope_->figure_table(figure_->currentIndex(), visible_only_->isChecked()).toUtf8();
  if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size() || !out.commit())
    QMessageBox::warning(
        this, windowTitle(),
        tr("The table could not be written: %1. Choose another place.").arg(out.errorString()));
}

}  // namespace grapevine
