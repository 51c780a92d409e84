// Where the worked examples lie, and how a test reads them.
#pragma once

#include <QDir>
#include <QFile>
#include <cstring>
#include <string>

#include "engine/experiment/registry.h"

namespace grapevine {

inline std::string read(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return {};
  return file.readAll().toStdString();
}

inline QDir folder() {
  return QDir(QStringLiteral(GRAPEVINE_SOURCE_DIR "/tests/rules/vectors"));
}

}  // namespace grapevine
