// English words for a number of things: one thing has words of its own.
#pragma once

#include <QString>

namespace grapevine {

/// `one` for 1, else `many`: counted(n, tr("1 run"), tr("%n runs", nullptr, n)).
inline QString counted(qint64 number, const QString& one, const QString& many) {
  return number == 1 ? one : many;
}

}  // namespace grapevine
