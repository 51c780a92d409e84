#include "ui/panels/column_chooser.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/list_table.h"

namespace grapevine {

ColumnChooser::ColumnChooser(const LibraryColumns& chosen, QWidget* parent)
    : QDialog(parent),
      before_(chosen),
      search_(new QLineEdit(this)),
      list_(new QListWidget(this)),
      nothing_(new QLabel(this)) {
  setWindowTitle(tr("Columns"));
  auto* column = new QVBoxLayout(this);
  search_->setPlaceholderText(tr("Search columns, settings and measures"));
  search_->setToolTip(tr("Words of a title or a key; a key in full is offered too: cos_b_j[1]:last"));
  search_->setAccessibleName(search_->placeholderText());
  search_->setClearButtonEnabled(true);
  list_->setAccessibleName(tr("Columns"));
  give_accents_room(*list_);
  nothing_->setWordWrap(true);
  column->addWidget(search_);
  column->addWidget(nothing_);
  column->addWidget(list_, 1);
  auto* buttons =
      new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::Reset, this);
  column->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  QPushButton* reset = buttons->button(QDialogButtonBox::Reset);
  connect(reset, &QPushButton::clicked, this, [this] {
    before_ = usual_library_columns();
    fill(before_);
  });
  reset->setText(tr("Default columns"));
  // Enter takes what is ticked, wherever the focus is: it must not undo it.
  reset->setAutoDefault(false);
  buttons->button(QDialogButtonBox::Ok)->setDefault(true);
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
  for (qsizetype i = 0; i < texts.size(); ++i) add(texts[i], i < ticked, list_->count());
  filter(search_->text());
}

QListWidgetItem* ColumnChooser::add(const QString& text, bool ticked, int row) {
  const auto column = library_column(text);
  if (!column) return nullptr;
  auto* item = new QListWidgetItem(column->title());
  item->setData(Qt::UserRole, text);
  item->setToolTip(column->help());
  item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
  item->setCheckState(ticked ? Qt::Checked : Qt::Unchecked);
  // Two settings may have one title: the key tells them apart.
  if (column->kind == LibraryColumn::Kind::key && column->key.kind == RunKey::Kind::setting)
    item->setText(QStringLiteral("%1 (%2)").arg(column->title(), text));
  list_->insertItem(row, item);
  return item;
}

QListWidgetItem* ColumnChooser::item_of(const QString& text) const {
  for (int row = 0; row < list_->count(); ++row)
    if (list_->item(row)->data(Qt::UserRole).toString() == text) return list_->item(row);
  return nullptr;
}

/// At the list's top; those typed before that nobody ticked go.
void ColumnChooser::offer_typed(const QStringList& texts) {
  constexpr int typed = Qt::UserRole + 1;
  for (int row = list_->count() - 1; row >= 0; --row)
    if (QListWidgetItem* item = list_->item(row);
        item->data(typed).toBool() && item->checkState() != Qt::Checked)
      delete item;
  int row = 0;
  for (const QString& text : texts) {
    if (text == QLatin1String("name") || item_of(text)) continue;
    if (QListWidgetItem* item = add(text, false, row)) {
      item->setData(typed, true);
      ++row;
    }
  }
}

void ColumnChooser::filter(const QString& words) {
  const QStringList parts = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  const QStringList named = columns_named(words.trimmed());
  offer_typed(named);
  int shown = 0;
  for (int row = 0; row < list_->count(); ++row) {
    QListWidgetItem* item = list_->item(row);
    const QString text = item->data(Qt::UserRole).toString(), all = item->text() + QLatin1Char(' ') + text;
    const bool fits =
        named.contains(text) || std::all_of(parts.begin(), parts.end(), [&](const QString& part) {
          return all.contains(part, Qt::CaseInsensitive);
        });
    item->setHidden(!fits);
    if (fits) ++shown;
  }
  nothing_->setText(tr("No column has \u201c%1\u201d. The number of a layer is put after a measure's key, as "
                       "in cos_b_j[1].")
                        .arg(words.trimmed()));
  nothing_->setVisible(shown == 0);
}

LibraryColumns ColumnChooser::chosen() const {
  QStringList ticked;
  for (int row = 0; row < list_->count(); ++row)
    if (list_->item(row)->checkState() == Qt::Checked)
      ticked << list_->item(row)->data(Qt::UserRole).toString();
  QStringList texts;
  qsizetype place = 0;
  for (const LibraryColumn& column : before_) {
    if (!ticked.removeOne(column.text())) continue;
    texts << column.text();
    if (column.is_measured()) place = texts.size();
  }
  return library_columns(texts.mid(0, place) + ticked + texts.mid(place));
}

}  // namespace grapevine
