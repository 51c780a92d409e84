#include "ui/panels/list_completer.h"

#include <QLineEdit>

namespace grapevine {

ListCompleter::ListCompleter(const QStringList& words, QLineEdit* edit)
    : QCompleter(words, edit), edit_(edit) {
  setCaseSensitivity(Qt::CaseInsensitive);
  setFilterMode(Qt::MatchContains);
}

QString ListCompleter::pathFromIndex(const QModelIndex& index) const {
  const QString typed = edit_->text();
  return typed.left(typed.lastIndexOf(QLatin1Char(',')) + 1) + QCompleter::pathFromIndex(index);
}

QStringList ListCompleter::splitPath(const QString& text) const {
  return {text.section(QLatin1Char(','), -1).trimmed()};
}

}  // namespace grapevine
