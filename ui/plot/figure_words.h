// What figures say, in the user's language: they draw UTF-8, so that a figure needs no Qt. The context of
// translations is grapevine::Figures (lupdate -tr-function-alias translate+=figure_words). Any thread.
#pragma once

#include <QCoreApplication>
#include <QString>
#include <string>

namespace grapevine {

/// `english` in the user's language, with texts in the places of %1, %2 …
template <typename... Texts>
std::string figure_words(const char* english, const Texts&... texts) {
  const QString words = QCoreApplication::translate("grapevine::Figures", english);
  if constexpr (sizeof...(texts) == 0)
    return words.toStdString();
  else
    return words.arg(QString::fromStdString(texts)...).toStdString();
}

}  // namespace grapevine
