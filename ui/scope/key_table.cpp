// The table of keys.
#include "ui/scope/key_table.h"

#include <QStringList>
#include <algorithm>
#include <array>

namespace grapevine {
namespace {

#define SAY(text) QT_TRANSLATE_NOOP("grapevine::KeyTable", text)

constexpr auto kWindow = KeyArea::window;
constexpr auto kFigures = KeyArea::figures;
constexpr auto kLibrary = KeyArea::library;
constexpr auto kInspector = KeyArea::inspector;
constexpr auto kSlowMotion = KeyArea::slow_motion;
constexpr auto kLecture = KeyArea::lecture;

constexpr auto kTable = std::to_array<KeyBinding>({
    {"play", kWindow, "Space"},
    {"step", kWindow, "."},
    {"steps", kWindow, "Ctrl+."},
    {"stop", kWindow, "Ctrl+T"},
    {"reset", kWindow, "Ctrl+R"},
    {"start_new", kWindow, "Ctrl+Return Ctrl+Enter"},
    {"calibrate", kWindow, "C"},
    {"queue", kWindow, "Ctrl+J"},
    {"sweep", kWindow, "Ctrl+Shift+J"},
    {"queue_page", kWindow, "Ctrl+U"},
    {"fork", kWindow, "Ctrl+Shift+K"},
    {"live_settings", kWindow, "Ctrl+L"},
    {"open_experiment", kWindow, "Ctrl+O"},
    {"save_experiment", kWindow, "Ctrl+S"},
    {"copy_command", kWindow, "Ctrl+Shift+C"},
    {"copy_link", kWindow, "Ctrl+Shift+L"},
    {"paste_link", kWindow, "Ctrl+Shift+V"},
    {"find_setting", kWindow, "Ctrl+K"},
    {"stage", kWindow, "V"},
    {"follow", kWindow, "F"},
    {"fit", kWindow, "A"},
    {"zoom_in", kWindow, "+ ="},
    {"zoom_out", kWindow, "-"},
    {"pan_left", kWindow, "Alt+Left"},
    {"pan_right", kWindow, "Alt+Right"},
    {"next_axis", kWindow, "X"},
    {"next_measure", kWindow, "M"},
    {"smoother", kWindow, "]"},
    {"rougher", kWindow, "["},
    {"log_loss", kWindow, "L"},
    {"linked", kWindow, "K"},
    {"export_figure", kWindow, "Ctrl+E"},
    {"export_page", kWindow, "Ctrl+Shift+E"},
    {"copy_figures", kWindow, "Ctrl+Shift+X"},
    {"show_table", kWindow, "Ctrl+Shift+T"},
    {"back_to_live", kWindow, "Ctrl+B"},
    {"inspector", kWindow, "I"},
    {"slow_motion", kWindow, "W"},
    {"note", kWindow, "Ctrl+N"},
    {"start_page", kWindow, "Ctrl+Home"},
    {"next_step", kWindow, "Ctrl+PgDown"},
    {"previous_step", kWindow, "Ctrl+PgUp"},
    {"present", kWindow, "F5"},
    {"find_run", kWindow, "Ctrl+F"},
    {"open_database", kWindow, "Ctrl+Shift+O"},
    {"library_page", kWindow, "Ctrl+G"},
    {"paper_page", kWindow, "Ctrl+P"},
    {"dark", kWindow, "Ctrl+D"},
    {"full_screen", kWindow, "F11"},
    {"help", kWindow, "F1"},
    {"cheat_sheet", kWindow, "?"},
    {"quit", kWindow, "Ctrl+Q"},
    {"panel_1", kWindow, "Ctrl+1", SAY("Experiment on or off")},
    {"panel_2", kWindow, "Ctrl+2", SAY("Run library on or off")},
    {"panel_3", kWindow, "Ctrl+3", SAY("Events on or off")},
    {"left", kFigures, "Left", SAY("Column to the left; earlier")},
    {"right", kFigures, "Right", SAY("Column to the right; later")},
    {"up", kFigures, "Up", SAY("Layer nearer to the output")},
    {"down", kFigures, "Down", SAY("Layer nearer to the input")},
    {"second_cursor", kFigures, "D", SAY("Set or remove the second cursor")},
    {"previous_event", kFigures, "P", SAY("To the previous exact step")},
    {"next_event", kFigures, "N", SAY("To the next exact step")},
    {"context_menu", kFigures, "Menu Shift+F10", SAY("What can be done with the chosen layer")},
    {"undo_change", kFigures, "Ctrl+Z", SAY("Undo the last change while the run is paused")},
    {"inspect_layer", kFigures, "Return Enter", SAY("Inspect the chosen layer")},
    {"add_figure", kFigures, "Ins", SAY("One more figure")},
    {"previous_figure", kFigures, "Shift+Up", SAY("Choose the previous figure")},
    {"next_figure", kFigures, "Shift+Down", SAY("Choose the next figure")},
    {"figure_back", kFigures, "Ctrl+Up", SAY("Move the chosen figure back")},
    {"figure_forward", kFigures, "Ctrl+Down", SAY("Move the chosen figure on")},
    {"figure_column", kFigures, "Ctrl+Shift+Right", SAY("Move the chosen figure to the other column")},
    {"taller", kFigures, "Ctrl+Shift+Up", SAY("Make the chosen figure taller")},
    {"shorter", kFigures, "Ctrl+Shift+Down", SAY("Make the chosen figure shorter")},
    {"remove_figure", kFigures, "Del", SAY("Remove or hide the chosen figure")},
    {"scroll_up", kFigures, "PgUp", SAY("To figures further up")},
    {"scroll_down", kFigures, "PgDown", SAY("To figures further down")},
    {"escape", kFigures, "Escape", SAY("Clear the choice")},
    {"layer_up", kInspector, "PgUp", SAY("Layer nearer to the output")},
    {"layer_down", kInspector, "PgDown", SAY("Layer nearer to the input")},
    {"close_inspector", kInspector, "Escape", SAY("Close the inspector")},
    {"next_phase", kSlowMotion, "Right", SAY("Next phase of the step")},
    {"previous_phase", kSlowMotion, "Left", SAY("Phase before")},
    {"next_number", kSlowMotion, "Down", SAY("Next number")},
    {"previous_number", kSlowMotion, "Up", SAY("Previous number")},
    {"close_slow_motion", kSlowMotion, "Escape", SAY("Close slow motion")},
    {"lecture_on", kLecture, "PgDown Right", SAY("Forward in the text, then the next step")},
    {"lecture_back", kLecture, "PgUp Left", SAY("Back in the text, then the previous step")},
    {"end_lecture", kLecture, "Escape", SAY("End the lecture")},
    {"overlay", kLibrary, "T", SAY("Overlay in figures")},
    {"overlay_best", kLibrary, "B", SAY("Overlay the best")},
    {"pin_run", kLibrary, "P", SAY("Pin")},
    {"delete_run", kLibrary, "Del", SAY("Delete")},
    {"undo_delete", kLibrary, "Ctrl+Z", SAY("Undo delete")},
    {"refresh_library", kLibrary, "Ctrl+F5", SAY("Refresh")},
    {"edit_run", kLibrary, "F2", SAY("Edit name, tags, notes")},
    {"open_run", kLibrary, "Return", SAY("Open a run")},
});

#undef SAY

QList<QKeySequence> sequences(const char* keys) {
  QList<QKeySequence> all;
  for (const QString& key : QString::fromLatin1(keys).split(QLatin1Char(' '), Qt::SkipEmptyParts))
    all << QKeySequence(key, QKeySequence::PortableText);
  return all;
}

}  // namespace

std::span<const KeyBinding> key_table() {
  return kTable;
}

QList<QKeySequence> keys_of(std::string_view command) {
  const auto found = std::find_if(kTable.begin(), kTable.end(),
                                  [&](const KeyBinding& binding) { return binding.command == command; });
  return found == kTable.end() ? QList<QKeySequence>() : sequences(found->keys);
}

std::string_view figure_command(const QKeySequence& key) {
  for (const KeyBinding& binding : kTable)
    if (binding.area == kFigures && sequences(binding.keys).contains(key)) return binding.command;
  return {};
}

bool is_window_letter(const QKeySequence& key) {
  const QKeyCombination pressed = key[0];
  if (!pressed.keyboardModifiers().testFlag(Qt::ControlModifier)) return false;
  if (pressed.key() < Qt::Key_A || pressed.key() > Qt::Key_Z) return false;
  return std::any_of(kTable.begin(), kTable.end(), [&](const KeyBinding& binding) {
    return binding.area == kWindow && sequences(binding.keys).contains(key);
  });
}

QString key_text(const QList<QKeySequence>& keys) {
  QStringList texts;
  for (const QKeySequence& key : keys) texts << key.toString(QKeySequence::NativeText);
  return texts.join(QStringLiteral(", "));
}

}  // namespace grapevine
