#include "engine/data/surroundings.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>

#include "engine/data/data_set.h"
#include "engine/data/files.h"
#include "engine/data/not_files.h"
#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

// Enough for what people unpack by hand, and soon done in a home folder.
constexpr int deepest = 3;
constexpr std::size_t most_entries = 5000;

bool is_complete(const std::string& folder, const std::vector<Layout>& layouts) {
  return std::any_of(layouts.begin(), layouts.end(), [&](const Layout& layout) {
    return std::all_of(layout.roles.begin(), layout.roles.end(),
                       [&](const auto& names) { return !first_existing(folder, names).empty(); });
  });
}

/// Names in a folder, sorted, without dot files; those of folders end in "/".
std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failed, none;
  for (fs::directory_iterator entry(folder, failed), end;
       !failed && entry != end && names.size() < most_entries; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with('.')) names.push_back(name + (entry->is_directory(none) ? "/" : ""));
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// A name without what browsers and people add to it: "t10k images (1).gz" and "t10k-images.gz" are alike.
std::string bare(std::string_view name) {
  std::string low;
  for (const char c : name) low += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const char* added : {" - copy", "-copy", "_copy", " copy"})
    if (const std::size_t at = low.find(added); at != std::string::npos)
      low.erase(at, std::string_view(added).size());
  if (const std::size_t open = low.rfind('('), close = low.rfind(')');
      open != std::string::npos && close != std::string::npos && close > open + 1 &&
      std::all_of(low.begin() + static_cast<std::ptrdiff_t>(open) + 1,
                  low.begin() + static_cast<std::ptrdiff_t>(close),
                  [](unsigned char c) { return std::isdigit(c); }))
    low.erase(open, close - open + 1);
  for (const char* ending : {".txt", ".gz", ".download"})
    if (low.ends_with(ending)) low.erase(low.size() - std::string_view(ending).size());
  std::erase_if(low, [](char c) { return c == ' ' || c == '-' || c == '_' || c == '.'; });
  return low;
}

/// The nearest folder below that holds the whole of a layout; of several that one whose way has the set's
/// name.
std::optional<std::string> complete_below(const std::string& folder, const std::vector<Layout>& layouts,
                                          const std::string& set_name) {
  std::vector<std::string> level{folder};
  std::size_t looked = 0;
  for (int depth = 0; depth < deepest; ++depth) {
    std::vector<std::string> next, complete;
    for (const std::string& place : level)
      for (const std::string& name : names_in(place)) {
        if (++looked > most_entries) return std::nullopt;
        if (name.ends_with('/')) next.push_back(place + "/" + name.substr(0, name.size() - 1));
      }
    for (const std::string& place : next)
      if (is_complete(place, layouts)) complete.push_back(place);
    for (const std::string& place : complete)
      for (const fs::path& part : fs::path(place.substr(folder.size())))
        if (bare(part.string()) == bare(set_name)) return place;
    if (!complete.empty()) return complete.front();
    level = std::move(next);
  }
  return std::nullopt;
}

/// 'train-images (1).gz' (expected train-images.gz), … for names that are alike but not the same.
std::string alike(const std::string& folder, const std::vector<std::string>& there,
                  const std::vector<Layout>& layouts) {
  std::string found;
  for (const Layout& layout : layouts)
    for (const auto& names : layout.roles) {
      if (!first_existing(folder, names).empty()) continue;
      for (const std::string& name : there) {
        const auto wanted = std::find_if(names.begin(), names.end(), [&](const std::string& known) {
          return bare(known) == bare(name) && known.ends_with(".gz") == name.ends_with(".gz");
        });
        if (wanted == names.end()) continue;
        found += (found.empty() ? "" : ", ") + ("'" + name + "' (expected '" + *wanted + "')");
        break;
      }
    }
  return found;
}

/// ". 'train.tokens' there is a link to …" for an expected name that no file bears; "" for none.
std::string not_a_file(const std::string& folder, const std::vector<Layout>& layouts) {
  for (const Layout& layout : layouts)
    for (const auto& names : layout.roles) {
      if (!first_existing(folder, names).empty()) continue;
      for (const std::string& name : names)
        if (const std::string what = what_instead_of_a_file(folder + "/" + name); !what.empty())
          return ". '" + name + "' there is " + what;
    }
  return "";
}

bool is_archive(const std::string& name) {
  const auto ends = [&](const char* ending) { return name.ends_with(ending); };
  return ends(".zip") || ends(".tgz") || ends(".tar") || name.find(".tar.") != std::string::npos;
}

/// What the set's entry knows to be taken for it.
std::string lookalike(const std::string& folder, const std::string& own) {
  const DataSet* set = find_data_set(own);
  if (!set) return "";
  for (const Lookalike& other : set->lookalikes) {
    const std::optional<std::string> place =
        is_complete(folder, {other.layout}) ? folder : complete_below(folder, {other.layout}, own);
    if (place) return "In " + *place + other.words;
  }
  return "";
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
    text += (text.empty() ? "" : ", ") + ("'" + names[i] + "'");
  if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
  return text.empty() ? "nothing" : text;
}

}  // namespace

std::string contents_of(const std::string& folder) {
  return listed(names_in(folder));
}

std::string set_in(const std::string& folder, const std::string& but_not) {
  for (const DataDescriptor& data : data_sets()) {
    const DataSet* set = find_data_set(data.key);
    if (data.key != but_not && set && !set->layouts.empty() && is_complete(folder, set->layouts))
      return data.key;
  }
  return "";
}

std::string folder_above(const std::string& folder) {
  std::error_code none;
  fs::path place = fs::absolute(folder, none).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();
  return place.parent_path().string();
}

Surroundings what_is_there(const std::string& folder, const DataRequest& request,
                           const std::vector<Layout>& layouts) {
  std::error_code none;
  if (!fs::is_directory(folder, none)) return {};
  if (const std::string words = not_a_file(folder, layouts); !words.empty()) return {words};
  const auto move_to = [](const std::string& place) {
    return Surroundings{". The files are in " + place + ": set data.dir=" + place, true};
  };
  if (const auto below = complete_below(folder, layouts, request.name)) return move_to(*below);
  const std::string above = folder_above(folder);
  if (is_complete(above, layouts)) return move_to(above);
  const std::vector<std::string> there = names_in(folder);
  if (const std::string names = alike(folder, there, layouts); !names.empty())
    return {". There is " + names + ": take what was added from the name", true};
  if (const std::string other = set_in(folder, request.name); !other.empty())
    return {". The files there are those of data.name=" + other, true};
  if (const std::string words = lookalike(folder, request.name); !words.empty()) return {". " + words, true};
  if (const auto archive = std::find_if(there.begin(), there.end(), is_archive); archive != there.end())
    return {
        ". There is the archive '" + *archive + "': unpack it, and set data.dir to the folder with its files",
        true};
  return {". It holds " + listed(there)};
}

std::string why_no_folder(const std::string& folder) {
  std::error_code none;
  if (fs::is_regular_file(folder, none))
    return "this is a file; name the folder that holds it, " + fs::path(folder).parent_path().string();
  const auto is_blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  const auto begin = std::find_if_not(folder.begin(), folder.end(), is_blank);
  const auto end = std::find_if_not(folder.rbegin(), folder.rend(), is_blank).base();
  if (begin < end)
    if (const std::string trimmed(begin, end); trimmed != folder && fs::is_directory(trimmed, none))
      return "there is no such folder; without the blanks at its ends there is";
  fs::path missing = fs::path(folder).lexically_normal(), place = missing.parent_path();
  while (!place.empty() && !fs::is_directory(place, none) && place.has_relative_path()) {
    missing = place;
    place = place.parent_path();
  }
  if (!fs::is_directory(place, none)) return "there is no such folder";
  return "there is no such folder; " + place.string() + " holds " + listed(names_in(place.string()));
}

}  // namespace grapevine
