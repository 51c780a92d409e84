// Asks which figure to export, and as what.
#include "ui/panels/figure_export_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/scope/scope_model.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {

FigureExportDialog::FigureExportDialog(const ScopeModel& model, QWidget* parent)
    : QDialog(parent),
      stage_(model.stage_figure()),
      figure_(new QComboBox(this)),
      form_(new QComboBox(this)) {
  setWindowTitle(tr("Export a figure"));
  figure_->setObjectName(QStringLiteral("exported_figure"));
  form_->setObjectName(QStringLiteral("exported_as"));
  for (const std::string& name : model.figure_names()) figure_->addItem(QString::fromStdString(name));
  auto* fields = new QFormLayout;
  fields->addRow(tr("&Figure"), figure_);
  fields->addRow(tr("&As"), form_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  buttons->addButton(tr("Continue…"), QDialogButtonBox::AcceptRole)->setDefault(true);
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(fields);
  layout->addWidget(buttons);
  connect(figure_, &QComboBox::currentIndexChanged, this, &FigureExportDialog::offer_forms);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  const bool on_stage = model.view == ScopeView::stage;
  const int chosen = model.chosen_figure >= 0 ? model.chosen_figure : on_stage ? stage_ : 0;
  figure_->setCurrentIndex(chosen);
  offer_forms();
}

/// Only the stage is a film.
void FigureExportDialog::offer_forms() {
  const int before = form_->currentIndex();
  form_->clear();
  form_->addItem(tr("Picture (SVG, PDF, PNG)"), static_cast<int>(ExportForm::picture));
  form_->addItem(tr("Numbers (CSV, JSON)"), static_cast<int>(ExportForm::numbers));
  if (figure_->currentIndex() == stage_)
    form_->addItem(tr("Animation of a stretch of the run (GIF)"), static_cast<int>(ExportForm::animation));
  form_->setCurrentIndex(before >= 0 && before < form_->count() ? before : 0);
}

int FigureExportDialog::figure() const {
  return figure_->currentIndex();
}

ExportForm FigureExportDialog::form() const {
  return static_cast<ExportForm>(form_->currentData().toInt());
}

SavedFigure ask_and_export(ScopeWidget& scope, QWidget* parent) {
  FigureExportDialog dialog(scope.model(), parent);
  if (dialog.exec() != QDialog::Accepted) return {};
  if (dialog.form() == ExportForm::animation) {
    scope.animate(parent);
    return {};
  }
  return scope.save_figure(parent, dialog.figure(),
                           dialog.form() == ExportForm::picture ? FigureForm::picture : FigureForm::numbers);
}

}  // namespace grapevine
