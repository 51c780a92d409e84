// A lesson's present step as a page to read: text, formulas, what is waited for, what was seen. A pure
// function; the window's thread, for tr().
#pragma once

#include <QString>

#include "engine/lessons/course.h"

class QPalette;

namespace grapevine {

/// Everything in it that came from the lesson's file is escaped.
QString lesson_page(const Course& course, const LessonRuns& runs, bool with_hints, const QPalette& palette);

}  // namespace grapevine
