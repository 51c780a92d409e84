// Completes the last of several words with commas between them. The window's thread only.
#pragma once

#include <QCompleter>

class QLineEdit;

namespace grapevine {

class ListCompleter : public QCompleter {
  Q_OBJECT

 public:
  ListCompleter(const QStringList& words, QLineEdit* edit);

  QString pathFromIndex(const QModelIndex& index) const override;
  QStringList splitPath(const QString& text) const override;

 private:
  QLineEdit* edit_;
};

}  // namespace grapevine
