// Asks which figure to export.
#include "ui/panels/figure_export_dialog.h"

#include <QInputDialog>

#include "ui/scope/scope_widget.h"

namespace grapevine {

SavedFigure ask_and_export(ScopeWidget& scope, QWidget* parent) {
  QStringList titles;
  for (const std::string& name : scope.model().figure_names()) titles << QString::fromStdString(name);
  bool chosen = false;
  const QString title = QInputDialog::getItem(parent, QObject::tr("Export a figure"), QObject::tr("Figure"),
                                              titles, 0, false, &chosen);
  if (!chosen) return {};
  return scope.save_figure(parent, static_cast<int>(titles.indexOf(title)), FigureForm::picture);
}

}  // namespace grapevine
