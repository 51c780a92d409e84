#include "ui/panels/library_commands.h"

#include <QAction>
#include <QColorDialog>
#include <QFileDialog>
#include <QFileInfo>
#include <algorithm>
#include <cmath>

#include "engine/experiment/registry.h"
#include "engine/runs/export_formats.h"
#include "ui/panels/library_store.h"
#include "ui/panels/run_library_filter.h"
#include "ui/panels/run_library_model.h"
#include "ui/scope/asking.h"
#include "ui/scope/key_table.h"

namespace grapevine {
namespace {

/// Is `one` better judged? Runs of two kinds (accuracies, perplexities) stand apart, accuracies first.
bool is_better(const RunSummary& one, const RunSummary& other) {
  if (one.judged_by->better != other.judged_by->better) return one.judged_by->better == Better::up;
  return one.judged_by->is_ahead(one.judged_best, other.judged_best);
}

QString ending_of(const ExportFormat& format) {
  return QStringLiteral("*.") + QString::fromStdString(format.name);
}

}  // namespace

QStringList export_filters(bool several, bool have_state) {
  QStringList filters, endings;
  for (const ExportFormat& format : export_formats()) {
    if (several && !format.several && !format.folder) continue;
    if (format.of_a_state && !have_state) continue;
    endings << ending_of(format);
    filters << QStringLiteral("%1 (%2)").arg(LibraryCommands::tr(format.title.c_str()), ending_of(format));
  }
  filters.prepend(LibraryCommands::tr("By the name's ending (%1)").arg(endings.join(QLatin1Char(' '))));
  return filters;
}

QString named_for(const QString& file, const QString& filter) {
  for (const ExportFormat& format : export_formats()) {
    if (!filter.endsWith(QStringLiteral("(%1)").arg(ending_of(format)))) continue;
    const ExportFormat* own = export_format_of(file.toStdString());
    if (own == &format) return file;
    const auto before = own ? file.size() - 1 - static_cast<qsizetype>(own->name.size()) : file.size();
    return file.left(before) + QLatin1Char('.') + QString::fromStdString(format.name);
  }
  return file;
}

LibraryCommands::LibraryCommands(LibraryStore* store, RunLibraryModel* model, RunLibraryFilter* filter,
                                 Selected selected, QWidget* parent)
    : QObject(parent),
      store_(store),
      model_(model),
      filter_(filter),
      selected_(std::move(selected)),
      window_(parent) {
  add(
      tr("Overlay the best\u2026"), tr("Overlay the best of the runs shown in the figures"),
      [this] { ask_best(); }, "overlay_best", false);
  add(
      tr("Overlay none"), tr("Remove all overlaid runs from the figures"), [this] { untick_all(); }, nullptr,
      false);
  pin_ = add(
      tr("Pin"), tr("Keep the runs at the top of the library"), [this] { toggle_pinned(); }, "pin_run");
  baseline_ = add(tr("Baseline"), tr("Compare others with these runs where several could serve as BP or DFA"),
                  [this] { toggle_baseline(); });
  archive_ =
      add(tr("Archive"), tr("Keep the runs, but leave them out of the list"), [this] { toggle_archived(); });
  for (QAction* action : {pin_, baseline_, archive_}) action->setCheckable(true);
  add(tr("Add tags\u2026"), tr("Words to find the runs by"), [this] { ask_tags(); });
  untag_ = add(tr("Remove tag\u2026"), tr("Take one of their tags from the runs"),
               [this] { ask_tag_to_remove(); });
  notes_ = add(tr("Notes\u2026"), tr("Remarks on the run"), [this] { ask_notes(); });
  add(tr("Color\u2026"), tr("The runs' color in every figure"), [this] { ask_colour(); });
  add(tr("The rule's own color"), tr("Drop a color that was chosen"), [this] {
    store_->change([ids = selected_()](RunEditor& editor) {
      for (const std::int64_t id : ids) editor.use_rules_colour(id);
    });
  });
  add(tr("Export\u2026"),
      tr("Write the runs' results and curves, figures, a report or a network's parameters, or the runs "
         "themselves for another library"),
      [this] { ask_export(); });
  import_ = add(
      tr("Import\u2026"), tr("Take in runs of a run file or another database, or curves of a CSV file"),
      [this] { ask_import(); }, nullptr, false);
  connect(store_, &LibraryStore::import_begun, this, [this] { import_->setEnabled(false); });
  connect(store_, &LibraryStore::imported, this, [this] { import_->setEnabled(true); });
  enable();
}

QAction* LibraryCommands::add(const QString& text, const QString& help, std::function<void()> action,
                              const char* key, bool needs_runs) {
  auto* made = new QAction(text, this);
  made->setToolTip(help);
  made->setStatusTip(help);
  if (key) {
    made->setShortcuts(keys_of(key));
    made->setShortcutContext(Qt::WidgetWithChildrenShortcut);
  }
  connect(made, &QAction::triggered, this, std::move(action));
  actions_.push_back(made);
  if (needs_runs) for_runs_.push_back(made);
  return made;
}

std::vector<const RunSummary*> LibraryCommands::runs() const {
  std::vector<const RunSummary*> all;
  for (const std::int64_t id : selected_())
    if (const int row = model_->row_of(id); row >= 0) all.push_back(&model_->run(row));
  return all;
}

void LibraryCommands::enable() {
  const std::vector<const RunSummary*> chosen = runs();
  for (QAction* action : for_runs_) action->setEnabled(!chosen.empty());
  untag_->setEnabled(!tags().isEmpty());
  notes_->setEnabled(chosen.size() == 1);
  const auto all = [&](bool RunSummary::*flag) {
    return !chosen.empty() &&
           std::all_of(chosen.begin(), chosen.end(), [&](const RunSummary* run) { return run->*flag; });
  };
  pin_->setChecked(all(&RunSummary::pinned));
  baseline_->setChecked(all(&RunSummary::baseline));
  archive_->setChecked(all(&RunSummary::archived));
}

void LibraryCommands::tick_best(int count) {
  std::vector<const RunSummary*> shown;
  for (const std::int64_t id : filter_->ids()) {
    const RunSummary& run = model_->run(model_->row_of(id));
    if (run.judged_by && !std::isnan(run.judged_best)) shown.push_back(&run);
  }
  const auto kept = static_cast<std::ptrdiff_t>(std::min(shown.size(), static_cast<std::size_t>(count)));
  std::partial_sort(shown.begin(), shown.begin() + kept, shown.end(),
                    [](const RunSummary* one, const RunSummary* other) { return is_better(*one, *other); });
  QList<qint64> best, others;
  for (std::ptrdiff_t i = 0; i < kept; ++i) best << shown[static_cast<std::size_t>(i)]->id;
  for (const qint64 id : model_->ticked())
    if (!best.contains(id)) others << id;
  model_->set_ticked(others, false);
  model_->set_ticked(best, true);
}

QString LibraryCommands::best_by() const {
  QStringList names;
  for (const std::int64_t id : filter_->ids()) {
    const RunSummary& run = model_->run(model_->row_of(id));
    if (!run.judged_by || std::isnan(run.judged_best)) continue;
    if (const QString name = QString::fromStdString(run.judged_by->name); !names.contains(name))
      names << name;
  }
  if (names.isEmpty()) return tr("none of which has a score");
  names.sort();
  return tr("by each one's best %1").arg(names.join(tr(" or ")));
}

void LibraryCommands::untick_all() {
  model_->set_ticked(QList<qint64>(model_->ticked().begin(), model_->ticked().end()), false);
}

/// On where any run lacks it.
void LibraryCommands::toggle(bool RunSummary::*flag, void (RunEditor::*set)(std::int64_t, bool)) {
  const std::vector<const RunSummary*> chosen = runs();
  const bool on =
      std::any_of(chosen.begin(), chosen.end(), [&](const RunSummary* run) { return !(run->*flag); });
  store_->change([ids = selected_(), set, on](RunEditor& editor) {
    for (const std::int64_t id : ids) (editor.*set)(id, on);
  });
}

void LibraryCommands::toggle_pinned() {
  toggle(&RunSummary::pinned, &RunEditor::set_pinned);
}
void LibraryCommands::toggle_archived() {
  toggle(&RunSummary::archived, &RunEditor::set_archived);
}
void LibraryCommands::toggle_baseline() {
  toggle(&RunSummary::baseline, &RunEditor::set_baseline);
}

void LibraryCommands::ask_export() {
  const std::vector<std::int64_t> ids = selected_();
  const std::vector<const RunSummary*> chosen = runs();
  const QStringList filters = export_filters(ids.size() > 1, chosen.size() == 1 && chosen.front()->resumable);
  QString filter = filters.front();
  const QString given = QFileDialog::getSaveFileName(
      window_, tr("Export runs"),
      ids.size() == 1 ? QStringLiteral("run-%1.csv").arg(ids.front()) : QStringLiteral("runs.csv"),
      filters.join(QStringLiteral(";;")), &filter);
  if (given.isEmpty()) return;
  const QString file = named_for(given, filter);
  if (file != given && QFileInfo::exists(file))  // nobody was asked whether it may be replaced
    return Q_EMIT store_->trouble(tr("%1 exists already: choose another name").arg(file));
  store_->export_runs(ids, file);
}

void LibraryCommands::import_files(const QStringList& files) {
  store_->import_files(files);
}

void LibraryCommands::ask_import() {
  import_files(QFileDialog::getOpenFileNames(window_, tr("Import runs"), {},
                                             tr("Runs and curves (*.run *.db *.csv *.tsv);;All files (*)")));
}

void LibraryCommands::add_tags(const QString& words) {
  add_tags_to(selected_(), words);
}

void LibraryCommands::add_tags_to(const Ids& ids, const QString& words) {
  store_->change([ids, tags = tags_in(words.toStdString())](RunEditor& editor) {
    for (const std::int64_t id : ids)
      for (const std::string& tag : tags) editor.add_tag(id, tag);
  });
}

void LibraryCommands::remove_tag(const QString& tag) {
  remove_tag_of(selected_(), tag);
}

void LibraryCommands::remove_tag_of(const Ids& ids, const QString& tag) {
  store_->change([ids, word = tag.toStdString()](RunEditor& editor) {
    for (const std::int64_t id : ids) editor.remove_tag(id, word);
  });
}

QStringList LibraryCommands::tags() const {
  QStringList all;
  for (const RunSummary* run : runs())
    for (const std::string& tag : tags_in(run->tags)) all << QString::fromStdString(tag);
  all.removeDuplicates();
  all.sort();
  return all;
}

void LibraryCommands::set_colour(std::uint32_t colour) {
  set_colour_of(selected_(), colour);
}

void LibraryCommands::set_colour_of(const Ids& ids, std::uint32_t colour) {
  store_->change([ids, colour](RunEditor& editor) {
    for (const std::int64_t id : ids) editor.set_colour(id, colour);
  });
}

void LibraryCommands::ask_best() {
  const auto count = ask_number({tr("Overlay the best"), tr("How many of the runs shown, %1").arg(best_by())},
                                {.usual = 5, .least = 1, .most = 50}, window_);
  if (count) tick_best(static_cast<int>(*count));
}

void LibraryCommands::ask_tags() {
  const Ids ids = selected_();
  if (const auto words = ask_line({tr("Add tags"), tr("Words, with blanks between them")}, window_))
    add_tags_to(ids, *words);
}

void LibraryCommands::ask_tag_to_remove() {
  const Ids ids = selected_();
  if (const auto tag = ask_choice({tr("Remove tag"), tr("The tag to take from the runs")}, tags(), window_))
    remove_tag_of(ids, *tag);
}

void LibraryCommands::ask_notes() {
  const std::vector<const RunSummary*> chosen = runs();
  if (chosen.size() != 1) return;
  const std::int64_t id = chosen.front()->id;  // the list may be read again meanwhile
  const auto text = ask_text({tr("Notes"), tr("Notes of run %1").arg(id)},
                             QString::fromStdString(chosen.front()->notes), window_);
  if (text)
    store_->change([id, notes = text->toStdString()](RunEditor& editor) { editor.set_notes(id, notes); });
}

void LibraryCommands::ask_colour() {
  const Ids ids = selected_();
  const std::vector<const RunSummary*> chosen = runs();
  if (chosen.empty()) return;
  const QColor colour = QColorDialog::getColor(QColor(QRgb(chosen.front()->colour)), window_, tr("Color"));
  if (colour.isValid()) set_colour_of(ids, colour.rgb() & 0xffffff);
}

}  // namespace grapevine
