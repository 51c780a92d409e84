// What the window can open with: the one list that --view, links, lessons and help texts derive from. A new
// view is a word of View and a row in view.cpp; a switch that leaves it out does not compile. Pure values;
// any thread may call.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace grapevine {

enum class View { stage, scope, start, library, queue, paper, inspector, slow_motion, lesson };

/// What follows the view's colon.
enum class ViewTakes { nothing, layer, lesson };

struct ViewEntry {
  View view;
  std::string_view name;  ///< "slow-motion"
  std::string_view help;
  ViewTakes takes = ViewTakes::nothing;
  bool in_lesson = false;       ///< a lesson's step may ask for it
  bool in_link = false;         ///< a link may ask for it
  bool covers_figures = false;  ///< a page in the figures' place, which closes when a run begins
};

/// In the order of the help text.
std::span<const ViewEntry> views();
const ViewEntry& entry_of(View view);
/// "inspector:LAYER"
std::string placeholder_of(const ViewEntry& entry);
/// "stage, scope and lesson:NAME": the views for which `member` is true; nullptr = all.
std::string views_in_words(bool ViewEntry::*member = nullptr);

/// A view with what follows its colon.
struct ViewChoice {
  View view = View::stage;
  int layer = 0;       ///< from 1, where the view takes a layer
  std::string lesson;  ///< name or file, where the view takes a lesson
};

/// Throws InputError for what is not a view, or not one of those for which `member` is true.
ViewChoice read_view(std::string_view text, bool ViewEntry::*member = nullptr);
/// What read_view() reads.
std::string view_text(const ViewChoice& choice);

}  // namespace grapevine
