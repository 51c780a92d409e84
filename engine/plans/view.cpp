#include "engine/plans/view.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "engine/error.h"
#include "engine/experiment/shown.h"

namespace grapevine {
namespace {

constexpr int most_layers = 10000;

constexpr std::array all_views = {
    ViewEntry{.view = View::stage,
              .name = "stage",
              .help = "where feedback points, layer by layer",
              .in_lesson = true,
              .in_link = true},
    ViewEntry{
        .view = View::scope, .name = "scope", .help = "all figures", .in_lesson = true, .in_link = true},
    ViewEntry{.view = View::start, .name = "start", .help = "the start page"},
    ViewEntry{.view = View::library,
              .name = "library",
              .help = "the run library over the whole window",
              .covers_figures = true},
    ViewEntry{.view = View::queue,
              .name = "queue",
              .help = "the runs that wait, and those in progress",
              .covers_figures = true},
    ViewEntry{.view = View::paper,
              .name = "paper",
              .help = "the papers' tables and figures",
              .covers_figures = true},
    ViewEntry{.view = View::inspector,
              .name = "inspector",
              .help = "the stage, and what is inside a layer (from 1)",
              .takes = ViewTakes::layer},
    ViewEntry{.view = View::slow_motion,
              .name = "slow-motion",
              .help = "the stage, and the next step at a layer, phase by phase",
              .takes = ViewTakes::layer},
    ViewEntry{.view = View::lesson,
              .name = "lesson",
              .help = "a lesson",
              .takes = ViewTakes::lesson,
              .in_link = true},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < all_views.size(); ++i)
    if (all_views[i].view != static_cast<View>(i)) return false;
  return true;
}
static_assert(in_order() && all_views.size() == static_cast<std::size_t>(View::lesson) + 1,
              "one row per word of View, in its order");

/// 0 for what is not a layer's number.
int read_layer(std::string_view text) {
  int layer = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), layer);
  const bool read = error == std::errc() && end == text.data() + text.size();
  return read && layer >= 1 && layer <= most_layers ? layer : 0;
}

}  // namespace

std::span<const ViewEntry> views() {
  return all_views;
}

const ViewEntry& entry_of(View view) {
  return all_views[static_cast<std::size_t>(view)];
}

std::string placeholder_of(const ViewEntry& entry) {
  switch (entry.takes) {
    case ViewTakes::nothing:
      return std::string(entry.name);
    case ViewTakes::layer:
      return std::string(entry.name) + ":LAYER";
    case ViewTakes::lesson:
      return std::string(entry.name) + ":NAME";
  }
  return {};
}

std::string views_in_words(bool ViewEntry::*member) {
  std::vector<std::string> words;
  for (const ViewEntry& entry : all_views)
    if (!member || entry.*member) words.push_back(placeholder_of(entry));
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

ViewChoice read_view(std::string_view text, bool ViewEntry::*member) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view name = text.substr(0, colon), rest = text.substr(std::min(colon + 1, text.size()));
  const auto found = std::find_if(all_views.begin(), all_views.end(), [&](const ViewEntry& entry) {
    return entry.name == name && (!member || entry.*member);
  });
  const bool takes_it = found != all_views.end() && (found->takes == ViewTakes::nothing
                                                         ? colon == text.size()
                                                         : found->takes == ViewTakes::layer || !rest.empty());
  if (!takes_it) throw InputError(shown(text) + " is not valid: the views are " + views_in_words(member));
  ViewChoice choice{found->view, 0, {}};
  if (found->takes == ViewTakes::lesson) choice.lesson = rest;
  if (found->takes != ViewTakes::layer) return choice;
  choice.layer = read_layer(rest);
  if (choice.layer == 0)
    throw InputError(shown(text) + " is not valid: a layer's number from 1 is missing, as in " +
                     std::string(name) + ":2");
  return choice;
}

std::string view_text(const ViewChoice& choice) {
  const ViewEntry& entry = entry_of(choice.view);
  const std::string name(entry.name);
  switch (entry.takes) {
    case ViewTakes::nothing:
      return name;
    case ViewTakes::layer:
      return name + ":" + std::to_string(choice.layer);
    case ViewTakes::lesson:
      return name + ":" + choice.lesson;
  }
  return name;
}

}  // namespace grapevine
