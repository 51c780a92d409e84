// The menu of presets.
#include "ui/panels/preset_menu.h"

#include <map>

#include "engine/error.h"
#include "engine/plans/presets.h"

namespace grapevine {
namespace {

// "bp 98.73 ± 0.04" a line, and what was chosen where the papers are silent.
QString tip_of(const Preset& preset) {
  QStringList lines{QString::fromStdString(preset.title)};
  for (const PresetRacer& racer : preset.racers) {
    const std::string published = published_text(racer);
    lines << QString::fromStdString(racer.key + (published.empty() ? "" : "  " + published));
  }
  for (const std::string& sentence : preset.chosen)
    lines << PresetMenu::tr("Chosen: %1").arg(QString::fromStdString(sentence));
  return lines.join(QLatin1Char('\n'));
}

// A table's presets share a submenu, in which its number need not be repeated.
QString short_title(const Preset& preset) {
  const QString title = QString::fromStdString(preset.title);
  return preset.table.empty() ? title : title.section(QStringLiteral(": "), 1);
}

QString submenu_of(const Preset& preset) {
  if (preset.table == "A.4") return PresetMenu::tr("Appendix A.4");
  if (preset.lesson) return PresetMenu::tr("Lessons on table %1").arg(QString::fromStdString(preset.table));
  return PresetMenu::tr("Table %1").arg(QString::fromStdString(preset.table));
}

}  // namespace

PresetMenu::PresetMenu(QWidget* parent) : QMenu(tr("&Presets"), parent) {
  setToolTipsVisible(true);
  std::map<QString, QMenu*> submenus;
  try {
    for (const Preset& preset : presets()) {
      QMenu* menu = this;
      if (!preset.table.empty()) {
        QMenu*& submenu = submenus[submenu_of(preset)];
        if (!submenu) {
          submenu = addMenu(submenu_of(preset));
          submenu->setToolTipsVisible(true);
        }
        menu = submenu;
      }
      const QString name = QString::fromStdString(preset.name);
      QAction* action = menu->addAction(short_title(preset));
      action->setObjectName(QStringLiteral("preset.") + name);
      action->setToolTip(tip_of(preset));
      connect(action, &QAction::triggered, this, [this, name] { Q_EMIT chosen(name); });
    }
  } catch (const Error& error) {
    // The window works without them; who looks for them reads why they are not there.
    QAction* why = addAction(tr("The presets can't be read"));
    why->setToolTip(QString::fromUtf8(error.what()));
    why->setEnabled(false);
  }
}

}  // namespace grapevine
