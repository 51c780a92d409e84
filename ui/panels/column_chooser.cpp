#include "ui/panels/column_chooser.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace grapevine {

ColumnChooser::ColumnChooser(const LibraryColumns& chosen, QWidget* parent)
    : QDialog(parent), before_(chosen), search_(new QLineEdit(this)), list_(new QListWidget(this)) {
  setWindowTitle(tr("Columns"));
  auto* column = new QVBoxLayout(this);
  search_->setPlaceholderText(tr("Search columns, settings and measures"));
  search_->setAccessibleName(search_->placeholderText());
  search_->setClearButtonEnabled(true);
  list_->setAccessibleName(tr("Columns"));
  list_->setUniformItemSizes(true);
  column->addWidget(search_);
  column->addWidget(list_, 1);
  auto* buttons =
      new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::Reset, this);
  column->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons->button(QDialogButtonBox::Reset), &QPushButton::clicked, this, [this] {
    before_ = usual_library_columns();
    fill(before_);
  });
  buttons->button(QDialogButtonBox::Reset)->setText(tr("Default columns"));
  connect(search_, &QLineEdit::textChanged, this, &ColumnChooser::filter);
  fill(chosen);
  resize(460, 560);
}

/// The chosen ones first.
void ColumnChooser::fill(const LibraryColumns& chosen) {
  list_->clear();
  QStringList texts = texts_of(chosen);
  texts.removeOne(QStringLiteral("name"));  // stays
  const qsizetype ticked = texts.size();
  for (const QString& text : known_library_columns())
    if (!texts.contains(text) && text != QLatin1String("name")) texts << text;
  for (qsizetype i = 0; i < texts.size(); ++i) {
    const auto column = library_column(texts[i]);
    if (!column) continue;
    auto* item = new QListWidgetItem(column->title(), list_);
    item->setData(Qt::UserRole, texts[i]);
    item->setToolTip(column->help());
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setCheckState(i < ticked ? Qt::Checked : Qt::Unchecked);
    // Two settings may have one title: the key tells them apart.
    if (column->kind == LibraryColumn::Kind::key && column->key.kind == RunKey::Kind::setting)
      item->setText(QStringLiteral("%1 (%2)").arg(column->title(), texts[i]));
  }
  filter(search_->text());
}

void ColumnChooser::filter(const QString& words) {
  const QStringList parts = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  for (int row = 0; row < list_->count(); ++row) {
    QListWidgetItem* item = list_->item(row);
    const QString all = item->text() + QLatin1Char(' ') + item->data(Qt::UserRole).toString();
    item->setHidden(!std::all_of(parts.begin(), parts.end(), [&](const QString& part) {
      return all.contains(part, Qt::CaseInsensitive);
    }));
  }
}

LibraryColumns ColumnChooser::chosen() const {
  QStringList ticked;
  for (int row = 0; row < list_->count(); ++row)
    if (list_->item(row)->checkState() == Qt::Checked)
      ticked << list_->item(row)->data(Qt::UserRole).toString();
  QStringList texts;
  for (const QString& text : texts_of(before_))
    if (ticked.removeOne(text)) texts << text;
  return library_columns(texts + ticked);
}

}  // namespace grapevine
