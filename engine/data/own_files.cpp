#include "engine/data/own_files.h"

#include <algorithm>
#include <filesystem>

#include "engine/data/surroundings.h"
#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/files/home.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_of(const std::string& folder, bool of_folders) {
  std::vector<std::string> names;
  std::error_code failed, none;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    const bool fits = of_folders ? entry->is_directory(none) : entry->is_regular_file(none);
    // What macOS and Windows leave in folders.
    if (fits && !name.starts_with('.') && name != "__MACOSX" && name != "Thumbs.db" && name != "desktop.ini")
      names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::string own_place(const DataRequest& request, bool or_file) {
  const DataDescriptor* data = find_data(request.name);
  const std::string advice = data ? data->how_to_get : "";
  if (request.dir.empty()) throw InputError("data.name=" + request.name + " reads your own files: " + advice);
  const std::string place = with_home(request.dir);
  std::error_code none;
  const bool is_there = fs::is_directory(place, none) || (or_file && fs::is_regular_file(place, none));
  if (!is_there)
    throw InputError("data.dir=" + request.dir + ": " + why_no_folder(place) +
                     ". For data.name=" + request.name + " " + advice);
  return place;
}

void demand_test_data(const DataRequest& request, bool has_test_data) {
  if (has_test_data || request.validation > 0) return;
  throw InputError("data set " + request.name +
                   ": there are no test data; add some, or hold a part of the training data out with "
                   "data.validation, as data.validation=0.1");
}

std::vector<std::string> files_in(const std::string& folder) {
  return names_of(folder, false);
}

std::vector<std::string> folders_in(const std::string& folder) {
  return names_of(folder, true);
}

void nothing_there(const DataRequest& request, const std::string& folder, const std::string& wanted,
                   const std::function<bool(const std::string&)>& fits) {
  const DataDescriptor* data = find_data(request.name);
  std::string words = "data set " + request.name + ": there are no " + wanted + " in " + folder;
  std::vector<std::string> others{folder_above(folder)};
  for (const std::string& below : folders_in(folder)) {
    others.push_back(folder + "/" + below);
    for (const std::string& next : folders_in(others.back()))
      others.push_back(folder + "/" + below + "/" + next);
    if (others.size() > 500) break;
  }
  const auto found = std::find_if(others.begin(), others.end(), fits);
  if (found != others.end()) throw InputError(words + ". They are in " + *found + ": set data.dir=" + *found);
  const std::string other = set_in(folder, request.name);
  throw InputError(words + ". " +
                   (other.empty() ? "It holds " + contents_of(folder)
                                  : "The files there are those of data.name=" + other) +
                   ". To read own files, " + (data ? data->how_to_get : ""));
}

bool name_has(const std::string& lower_case_name, const std::vector<const char*>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return lower_case_name.find(word) != std::string::npos; });
}

}  // namespace grapevine
