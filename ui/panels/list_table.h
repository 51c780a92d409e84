// How the window's lists of rows look and are walked through. The window's thread only.
#pragma once

class QAbstractItemView;
class QTableView;

namespace grapevine {

/// Whole rows are chosen, each one line high; no grid, no numbers of rows, Tab leaves the list.
void look_like_a_list(QTableView& table);
/// Rows so high that cos(B, J̄) and cos(B, Ĵ) are told apart, which a font's own height cuts.
void give_accents_room(QAbstractItemView& list);

}  // namespace grapevine
