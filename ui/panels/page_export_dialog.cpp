// Asks which figures to put on one page, and what it is like.
#include "ui/panels/page_export_dialog.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFontComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include "engine/error.h"
#include "ui/panels/group_words.h"
#include "ui/panels/list_table.h"
#include "ui/plot/qpainter_painter.h"
#include "ui/scope/averaged_seeds.h"
#include "ui/scope/figure_sheet.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {
namespace {

QDoubleSpinBox* length(QWidget* parent, double least, double most, double value, const QString& unit) {
  auto* box = new QDoubleSpinBox(parent);
  box->setDecimals(1);
  box->setSingleStep(0.5);
  box->setRange(least, most);
  box->setValue(value);
  box->setSuffix(unit);
  return box;
}

}  // namespace

PageExportDialog::PageExportDialog(const ScopeModel& model, QWidget* parent)
    : QDialog(parent),
      list_(new QListWidget(this)),
      width_(length(this, narrowest_page, widest_page, usual_sheet_width, tr(" cm"))),
      height_(length(this, 0, highest_panel, 0, tr(" cm"))),
      font_size_(length(this, smallest_letters, largest_letters, usual_sheet_letters, tr(" pt"))),
      columns_(new QSpinBox(this)),
      font_(new QFontComboBox(this)),
      letters_(new QCheckBox(tr("&Letters a, b, c at the figures"), this)),
      averaged_(new QCheckBox(tr("&Average over seeds"), this)),
      band_(new QComboBox(this)),
      size_(new QLabel(this)) {
  setWindowTitle(tr("Figures on a page"));
  fill_list(model);
  add_moves();
  height_->setSpecialValueText(tr("by its width"));
  columns_->setRange(1, most_page_columns);
  columns_->setValue(list_->count() > 1 ? 2 : 1);
  font_->setCurrentFont(figure_font(TextSize::small));
  letters_->setChecked(true);
  auto* form = new QFormLayout;
  form->addRow(tr("&Width of the page"), width_);
  form->addRow(tr("&Columns"), columns_);
  form->addRow(tr("&Height of a figure"), height_);
  form->addRow(tr("&Font"), font_);
  form->addRow(tr("Font &size"), font_size_);
  form->addRow(letters_);
  add_seeds(model, *form);
  form->addRow(size_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  save_ = buttons->addButton(tr("Save…"), QDialogButtonBox::AcceptRole);
  save_->setDefault(true);
  auto* layout = new QVBoxLayout(this);
  auto* which = new QLabel(
      tr("Fi&gures, in this order: drag one to another place, or move it by Alt+Up and Alt+Down"), this);
  which->setBuddy(list_);
  which->setWordWrap(true);
  layout->addWidget(which);
  layout->addWidget(list_);
  layout->addLayout(form);
  layout->addWidget(buttons);
  for (QDoubleSpinBox* box : {width_, height_, font_size_})
    connect(box, &QDoubleSpinBox::valueChanged, this, &PageExportDialog::show_size);
  connect(columns_, &QSpinBox::valueChanged, this, &PageExportDialog::show_size);
  connect(list_, &QListWidget::itemChanged, this, &PageExportDialog::show_size);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  show_size();
}

/// By default where there is something to average over.
void PageExportDialog::add_seeds(const ScopeModel& model, QFormLayout& form) {
  const bool several = has_several_seeds(model);
  averaged_->setToolTip(
      tr("Runs that differ in nothing but the seed are one line: thin runs, their mean and its band"));
  averaged_->setChecked(several);
  for (const Band band : all_bands) band_->addItem(word_of(band), static_cast<int>(band));
  form.addRow(averaged_);
  form.addRow(tr("&Band"), band_);
  form.setRowVisible(averaged_, several);
  form.setRowVisible(band_, several);
  connect(averaged_, &QCheckBox::toggled, band_, &QWidget::setEnabled);
}

std::optional<Band> PageExportDialog::over_seeds() const {
  if (!averaged_->isChecked()) return std::nullopt;
  return static_cast<Band>(band_->currentData().toInt());
}

void PageExportDialog::fill_list(const ScopeModel& model) {
  list_->setAccessibleName(tr("Figures"));
  give_accents_room(*list_);
  list_->setDragDropMode(QAbstractItemView::InternalMove);
  const std::vector<std::string> names = model.figure_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto* item = new QListWidgetItem(QString::fromStdString(names[i]), list_);
    item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
    item->setFlags(item->flags() & ~Qt::ItemIsDropEnabled);
    item->setCheckState(model.figures()[i].shown && static_cast<int>(i) != model.stage_figure()
                            ? Qt::Checked
                            : Qt::Unchecked);
    item->setData(Qt::UserRole, static_cast<int>(i));
  }
}

/// What dragging does, by keyboard and menu.
void PageExportDialog::add_moves() {
  list_->setContextMenuPolicy(Qt::ActionsContextMenu);
  const auto add = [this](const QString& text, const QKeySequence& key, int by) {
    auto* move = new QAction(text, list_);
    move->setShortcut(key);
    move->setShortcutContext(Qt::WidgetShortcut);
    connect(move, &QAction::triggered, list_, [this, by] {
      const int from = list_->currentRow(), to = from + by;
      if (from < 0 || to < 0 || to >= list_->count()) return;
      QListWidgetItem* item = list_->takeItem(from);
      list_->insertItem(to, item);
      list_->setCurrentItem(item);
    });
    list_->addAction(move);
  };
  add(tr("Move up"), Qt::ALT | Qt::Key_Up, -1);
  add(tr("Move down"), Qt::ALT | Qt::Key_Down, 1);
  list_->setCurrentRow(0);
}

std::vector<int> PageExportDialog::figures() const {
  std::vector<int> chosen;
  for (int row = 0; row < list_->count(); ++row)
    if (const QListWidgetItem* item = list_->item(row); item->checkState() == Qt::Checked)
      chosen.push_back(item->data(Qt::UserRole).toInt());
  return chosen;
}

FigurePage PageExportDialog::page() const {
  FigurePage page;
  page.width_cm = width_->value();
  page.columns = columns_->value();
  page.height_cm = height_->value();
  page.font_points = font_size_->value();
  page.font = font_->currentFont().family().toStdString();
  page.letters = letters_->isChecked();
  return page;
}

/// What comes of it, or why nothing can.
void PageExportDialog::show_size() {
  const std::size_t count = figures().size();
  save_->setEnabled(false);
  if (count == 0) {
    size_->setText(tr("Tick the figures that the page is to have."));
    return;
  }
  try {
    const QSizeF centimetres = sheet_size(count, page());
    size_->setText(tr("%1 × %2 cm", "a page's width and height")
                       .arg(QLocale().toString(centimetres.width(), 'f', 1),
                            QLocale().toString(centimetres.height(), 'f', 1)));
    save_->setEnabled(true);
  } catch (const InputError& error) {
    size_->setText(QString::fromUtf8(error.what()));
  }
}

SavedFigure ask_and_export_page(ScopeWidget& scope, QWidget* parent) {
  PageExportDialog dialog(scope.model(), parent);
  if (dialog.exec() != QDialog::Accepted) return {};
  const QString file =
      QFileDialog::getSaveFileName(parent, QObject::tr("Save the page"), QStringLiteral("figures.pdf"),
                                   QObject::tr("Pictures (*.pdf *.svg *.png)"));
  if (file.isEmpty()) return {};
  try {
    if (const std::optional<Band> band = dialog.over_seeds()) {
      ScopeModel averaged = with_averaged_seeds(scope.model(), *band);
      ScopeLook look;
      export_sheet(averaged, look, dialog.figures(), file, dialog.page());
    } else {
      scope.save_page(dialog.figures(), file, dialog.page());
    }
    return {file, {}};
  } catch (const Error& error) {
    return {file, QString::fromUtf8(error.what())};
  }
}

}  // namespace grapevine
