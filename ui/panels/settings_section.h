// A part of a form that folds: a title, a summary of what differs from the defaults, and one row per setting.
// The window's thread only.
#pragma once

#include <QWidget>
#include <string>
#include <vector>

#include "ui/panels/setting_editor.h"

class QFormLayout;
class QHBoxLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace grapevine {

class SettingsSection : public QWidget {
  Q_OBJECT

 public:
  explicit SettingsSection(const QString& title, QWidget* parent = nullptr);

  SettingEditor* add_setting(const Setting& setting, std::string key);
  /// A row over the whole width, above the settings that follow.
  void add_wide(QWidget* widget);
  /// A muted line above the settings that follow, with a help of its own.
  void add_note(const QString& text, const QString& help);
  /// A small control at the right end of the title's line.
  void add_to_title(QWidget* widget);

  const std::vector<SettingEditor*>& editors() const { return editors_; }
  QString title() const;
  void set_title(const QString& title);
  bool expanded() const;
  void set_expanded(bool expanded);

  /// Whether the setting means anything with the others as they are; a row that doesn't is hidden.
  void set_meaningful(const SettingEditor* editor, bool meaningful);
  /// Shows only rows with these words in key or help; "" shows all. Returns how many rows fit.
  int set_filter(const QString& words);
  /// After a change: the summary, and the mark if something in here is wrong.
  void refresh();

  int label_width() const;
  void set_label_width(int width);

 Q_SIGNALS:
  void edited();
  void committed(grapevine::SettingEditor* editor);

 private:
  struct Row {
    SettingEditor* editor;
    QLabel* label;
    bool meaningful = true;
    bool fits = true;
  };
  void show_rows();

  std::vector<SettingEditor*> editors_;
  std::vector<Row> rows_;
  bool wide_ = false;
  bool noted_ = false;
  bool filtered_ = false;
  QToolButton* title_;
  QLabel* summary_;
  QHBoxLayout* head_;
  QWidget* body_;
  QVBoxLayout* column_;
  QFormLayout* form_ = nullptr;
};

}  // namespace grapevine
