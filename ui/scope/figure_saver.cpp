// Asks for a file and exports a figure to it.
#include "ui/scope/figure_saver.h"

#include <QFileDialog>
#include <algorithm>

#include "engine/error.h"
#include "ui/scope/figure_entry.h"

namespace grapevine {

SavedFigure ask_and_save(QWidget* parent, ScopeModel& model, ScopeLook& look, int figure, FigureForm form,
                         const ExportWish& wish) {
  const bool picture = form == FigureForm::picture;
  const QString file = QFileDialog::getSaveFileName(
      parent, picture ? QObject::tr("Save figure") : QObject::tr("Save data"),
      QString::fromStdString(entry_of(model, figure).traits().key) + (picture ? ".svg" : ".csv"),
      picture ? QObject::tr("Pictures (*.svg *.pdf *.png)") : QObject::tr("Data (*.csv *.json)"));
  if (file.isEmpty()) return {};
  try {
    export_figure(model, look, figure, file, wish);
    return {file, {}};
  } catch (const Error& error) {
    return {file, QString::fromUtf8(error.what())};
  }
}

QSize export_size(const ScopeModel& model, int figure, const FigurePlace* place) {
  const FigureTraits& traits = entry_of(model, figure).traits();
  if (!place) return QSizeF(traits.alone.width, traits.alone.height).toSize();
  if (traits.as_seen) return QSizeF(place->area.width, place->area.height).toSize();
  return QSize(std::max(480, static_cast<int>(place->area.width)),
               std::max(300, static_cast<int>(place->area.height) + 60));
}

}  // namespace grapevine
