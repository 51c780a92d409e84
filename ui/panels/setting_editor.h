// One control for one setting of the registry, made by its kind, with the sentence that says what is wrong
// beneath it. The window's thread only.
#pragma once

#include <QWidget>
#include <functional>
#include <optional>
#include <string>

#include "engine/experiment/settings.h"

class QLabel;
class QVBoxLayout;

namespace grapevine {

class SettingEditor : public QWidget {
  Q_OBJECT

 public:
  /// `key` is the full key ("rule.align_rate"); the registry's rule settings carry only "align_rate".
  SettingEditor(const Setting& setting, std::string key, QWidget* parent = nullptr);

  const std::string& key() const { return key_; }
  const Setting& setting() const { return setting_; }

  void set_value(const Value& value);  ///< no signal
  std::optional<Value> value() const;  ///< nothing while the text is not a value
  std::string text() const;            ///< as `--set` expects it
  bool is_default() const;

  /// What is wrong with the text; "" when nothing.
  QString problem() const;
  /// A complaint of the whole experiment about this setting; "" takes it away.
  void set_complaint(const QString& sentence);
  QString shown_trouble() const;
  QWidget* control() const { return control_; }

 Q_SIGNALS:
  void edited();     ///< at each keystroke: the form looks at the whole again
  void committed();  ///< the user has decided: live settings go to the run

 private:
  void make_boolean();
  void make_number();
  void make_choice(bool editable);
  void make_text();
  void make_list_menu();
  void report_edit();
  void show_trouble();

  Setting setting_;
  std::string key_;
  QString complaint_;
  QWidget* control_ = nullptr;
  QVBoxLayout* column_;
  QLabel* trouble_;
  std::function<std::string()> read_;
  std::function<void(const std::string&)> write_;
};

}  // namespace grapevine
