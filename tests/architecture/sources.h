// The sources as text, for tests that read them.
#pragma once

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QString>
#include <QStringList>

/// Of these folders, from the root on: "engine/nn/layer.h".
inline QStringList source_files(const QStringList& patterns,
                                const QStringList& folders = {"engine", "ui", "app"}) {
  const QDir root(QStringLiteral(GRAPEVINE_SOURCE_DIR));
  QStringList found;
  for (const QString& top : folders) {
    QDirIterator all(root.filePath(top), patterns, QDir::Files, QDirIterator::Subdirectories);
    while (all.hasNext()) found << root.relativeFilePath(all.next());
  }
  found.sort();
  return found;
}

/// Empty where it can't be read.
inline QString text_of(const QString& path) {
  QFile file(QStringLiteral(GRAPEVINE_SOURCE_DIR) + QLatin1Char('/') + path);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}
