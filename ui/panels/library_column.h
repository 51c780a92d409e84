// A column of the run library: anything that a run has under a key (run_key.h), and what only the window
// knows: the score of each run, its curve, what differs, a measure where the figures' cursor is. Values;
// the window's thread.
#pragma once

#include <QString>
#include <QStringList>
#include <Qt>
#include <optional>
#include <vector>

#include "engine/runs/run_key.h"

namespace grapevine {

struct LibraryColumn {
  enum class Kind {
    key,         ///< `key`
    best,        ///< of each run's own score: an accuracy, or a language model's perplexity
    last,        ///< the same, latest
    curve,       ///< what a run is judged by, drawn
    difference,  ///< the settings that tell the runs shown apart
    cursor,      ///< `key`'s measure where the figures' cursor is
  };
  Kind kind = Kind::key;
  RunKey key;

  bool is(const char* column) const {
    return kind == Kind::key && key.kind == RunKey::Kind::column && key.name == column;
  }
  bool is_number() const;    ///< stands at the right
  bool is_measured() const;  ///< a measure, a score, the curve
  /// The order that a first click on its heading asks for: the best first.
  Qt::SortOrder first_order() const;
  bool is_editable() const;  ///< by the user, in its place
  /// As it is remembered and typed: "rule", "optimizer.lr", "test_accuracy:best", "curve",
  /// "cos_b_j[2]:cursor".
  QString text() const;
  QString title() const;
  QString help() const;
  bool operator==(const LibraryColumn&) const = default;
};

using LibraryColumns = std::vector<LibraryColumn>;

/// nullopt for a text that names none.
std::optional<LibraryColumn> library_column(const QString& text);
/// Those of the texts that name one, each once; the name, which every row has, comes first.
LibraryColumns library_columns(const QStringList& texts);
QStringList texts_of(const LibraryColumns& columns);
LibraryColumns usual_library_columns();
/// What is typed in full, as the terminal's --columns takes it: "cos_b_j[2]:mean"; of a measure without a
/// statistic each of them. Empty where it names no column.
QStringList columns_named(const QString& text);
/// Every text that a chooser offers.
QStringList known_library_columns();

/// A cell as people read it under a key: names of rules and choices, percent, local time.
QString cell_text(const RunKey& key, const RunCell& cell);

}  // namespace grapevine
