// Asks which figure to export.
#include "ui/panels/figure_export_dialog.h"

#include <QInputDialog>

#include "ui/scope/scope_widget.h"

namespace grapevine {

SavedFigure ask_and_export(ScopeWidget& scope, QWidget* parent) {
  QStringList titles;
  for (std::size_t i = 0; i < scope.model().figures().size(); ++i)
    titles << QString::fromStdString(scope.model().title_of(static_cast<int>(i)));
  bool chosen = false;
  const QString title = QInputDialog::getItem(parent, QObject::tr("Export a figure"), QObject::tr("Figure"),
                                              titles, 0, false, &chosen);
  if (!chosen) return {};
  return scope.save_figure(parent, static_cast<int>(titles.indexOf(title)), FigureForm::picture);
}

}  // namespace grapevine
