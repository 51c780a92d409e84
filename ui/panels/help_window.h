// Help in the window: pages of the book (docs/*.md, as they are installed), and one for each setting, made
// from the registry. The window's thread only.
#pragma once

#include <QDialog>
#include <QString>
#include <string>

#include "engine/experiment/settings.h"

class QTextBrowser;

namespace grapevine {

/// The section of a page below a heading that is this word, as "`cos_b_j`" in the page of measures; the whole
/// page where there is none. Pure.
QString section_of_page(const QString& markdown, const QString& heading);

class HelpWindow : public QDialog {
  Q_OBJECT

 public:
  explicit HelpWindow(QWidget* parent = nullptr);

  /// A page of the book by its file's name without ending.
  void show_page(const QString& page);
  /// "page", or "page#Heading" for one section of it (help_topic.h).
  void show_topic(const QString& topic);
  void show_measure(const QString& key);
  /// `key` as in an experiment file.
  void show_setting(const Setting& setting, const std::string& key);
  QString text() const;

 private:
  void show_markdown(const QString& markdown);

  QTextBrowser* page_;
};

}  // namespace grapevine
