// Number formats of the window.
#include "ui/panels/shown_locale.h"

namespace grapevine {

QLocale locale_of_texts(const QLocale& users) {
  const bool fits = users.language() == QLocale::English || users.language() == QLocale::C;
  return fits && users.decimalPoint() == QLatin1String(".")
             ? users
             : QLocale(QLocale::English, QLocale::UnitedStates);
}

QString with_point(QString typed, const QLocale& users) {
  for (const QLocale& locale : {QLocale(), users})
    if (const QString mark = locale.decimalPoint(); mark != QLatin1String("."))
      typed.replace(mark, QLatin1String("."));
  return typed;
}

}  // namespace grapevine
