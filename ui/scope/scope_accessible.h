// What screen readers find on the canvas, which draws its figures itself: one child per figure, with its
// title, its place and what it shows in a sentence; its numbers are in the table of the same name. The
// window's thread only.
#pragma once

class QWidget;

namespace grapevine {

struct ScopeFigures;

/// From now on the canvas describes its figures. `figures` exists as long as the canvas.
void make_accessible(QWidget& canvas, const ScopeFigures& figures);

}  // namespace grapevine
