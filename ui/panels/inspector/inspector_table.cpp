#include "ui/panels/inspector/inspector_table.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/panels/inspector/inspection_column.h"

namespace grapevine {

InspectorTable::InspectorTable(const std::vector<const InspectionColumn*>& columns, QWidget* parent)
    : QDialog(parent) {
  setWindowTitle(tr("Layer as a table"));
  resize(760, 560);
  auto* words = new QPlainTextEdit(this);
  words->setReadOnly(true);
  words->setTabChangesFocus(true);
  words->setAccessibleName(tr("In words"));
  words->setMaximumHeight(130);
  auto* table = new QTableWidget(this);
  table->setAccessibleName(tr("Numbers of the layer"));
  table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table->setColumnCount(static_cast<int>(columns.size()));
  QStringList sentences;
  for (int racer = 0; racer < table->columnCount(); ++racer) {
    const InspectionColumn& column = *columns[static_cast<std::size_t>(racer)];
    sentences << column.sentence();
    table->setHorizontalHeaderItem(racer, new QTableWidgetItem(column.racer().label));
    int row = 0;
    for (const auto& [name, value] : column.numbers()) {
      if (row == table->rowCount()) {
        table->insertRow(row);
        table->setVerticalHeaderItem(row, new QTableWidgetItem(name));
      }
      table->setItem(row++, racer, new QTableWidgetItem(value));
    }
  }
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  table->setWordWrap(true);
  table->resizeRowsToContents();
  words->setPlainText(sentences.join(QStringLiteral("\n\n")));
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(words);
  layout->addWidget(table, 1);
  layout->addWidget(buttons);
}

}  // namespace grapevine
