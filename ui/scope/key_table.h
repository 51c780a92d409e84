// Every key of the window, once. Menus, canvas, library and cheat sheet take their keys from here, so that
// none can mean two things: tests/scope/test_key_table holds the areas against each other. Pure functions.
#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>
#include <span>
#include <string_view>

namespace grapevine {

/// Where a key works. The window's work everywhere, and so in the others as well.
enum class KeyArea { window, figures, library, inspector, slow_motion, lecture };

struct KeyBinding {
  std::string_view command;
  KeyArea area = KeyArea::window;
  const char* keys = "";   ///< as QKeySequence reads them, several with blanks between them
  const char* words = "";  ///< what the cheat sheet says; empty: the action of this name says it
};

std::span<const KeyBinding> key_table();
/// The keys of a command; empty for one that has none.
QList<QKeySequence> keys_of(std::string_view command);
/// The command of one key in the figures; empty where the figures have no use for it.
std::string_view figure_command(const QKeySequence& key);
/// Ctrl and a letter that the window has a command for: it means that in a text field too, where it may also
/// be an old key of editing (Ctrl+D, Ctrl+K).
bool is_window_letter(const QKeySequence& key);
/// "Ctrl+Return, Ctrl+Enter", as the desktop writes them.
QString key_text(const QList<QKeySequence>& keys);

}  // namespace grapevine
