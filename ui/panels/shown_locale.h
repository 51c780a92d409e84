// How numbers are written for people: as the language that the window's texts are in has them. The figures
// and the sentences that are stored have points, and so has all around them: "25,4 %" next to "20.0 %" is no
// number format of anybody's. What is typed may have the user's own decimal mark as well.
#pragma once

#include <QLocale>
#include <QString>

namespace grapevine {

/// The user's own where it goes with texts in English.
QLocale locale_of_texts(const QLocale& users);
/// A typed number with a point in the place of a decimal mark of either.
QString with_point(QString typed, const QLocale& users = QLocale::system());

}  // namespace grapevine
