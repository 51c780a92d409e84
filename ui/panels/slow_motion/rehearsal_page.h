// A rehearsed step as text: one phase with its numbers, or every number of a small network on one page. Pure
// functions.
#pragma once

#include <QPalette>
#include <QString>
#include <cstddef>

#include "engine/session/rehearsal.h"

namespace grapevine {

/// One phase: formula, shapes, what happens, and its numbers with their arithmetic.
QString phase_page(const Rehearsal& step, std::size_t phase, const QPalette& palette);
/// All phases; the first `revealed` numbers are there, the others wait behind a dot. The newest is marked,
/// and has the anchor "newest".
QString whole_page(const Rehearsal& step, std::size_t revealed, const QPalette& palette);

std::size_t count_of_numbers(const Rehearsal& step);
/// The phase that number `index` (from 0) belongs to.
std::size_t phase_of_number(const Rehearsal& step, std::size_t index);
/// As people read it, four digits behind the point.
QString in_numbers(double value);

}  // namespace grapevine
