#include "engine/data/places.h"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "engine/data/data_set.h"
#include "engine/data/files.h"
#include "engine/data/paths.h"
#include "engine/data/surroundings.h"
#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/files/home.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

std::mutex folder_mutex;
std::string chosen_folder;

std::string how_to_get(const DataRequest& request) {
  const DataDescriptor* data = find_data(request.name);
  const std::string command = get_command(request.name);
  return "To get it: " + (command.empty() ? "" : command + ", or ") + (data ? data->how_to_get : "") +
         ". data.name=shapes needs no files";
}

[[noreturn]] void not_there(const DataRequest& request, const std::vector<std::string>& folders,
                            const std::string& missing, const std::vector<Layout>& layouts) {
  std::string looked;
  for (const auto& folder : folders) looked += (looked.empty() ? "" : ", ") + folder;
  const Surroundings there =
      folders.size() == 1 ? what_is_there(folders.front(), request, layouts) : Surroundings{};
  throw InputError("data set " + request.name + ": " + missing + " is not in " + looked + there.words +
                   (there.is_enough ? "" : ". " + how_to_get(request)));
}

/// What a folder has of a layout.
struct Part {
  std::vector<std::string> files;
  std::string missing;  ///< the first role's file that is not there, by its first name
};

Part look_into(const std::string& folder, const Layout& layout) {
  Part part;
  for (const auto& names : layout.roles) {
    const std::string file = first_existing(folder, names);
    if (!file.empty())
      part.files.push_back(file);
    else if (part.missing.empty())
      part.missing = names.front();
  }
  return part;
}

}  // namespace

void use_data_dir(const std::string& folder) {
  const std::lock_guard lock(folder_mutex);
  chosen_folder = folder;
}

std::string data_dir() {
  const std::lock_guard lock(folder_mutex);
  return chosen_folder;
}

std::string cache_root() {
  return Paths::choose(data_dir()).cache;
}

std::string download_folder(const std::string& name) {
  return cache_root() + "/" + name;
}

std::string made_folder(const std::string& name) {
  return cache_root() + "/made/" + name;
}

std::vector<std::string> data_folders(const DataRequest& request) {
  if (!request.dir.empty()) return {with_home(request.dir)};
  std::vector<std::string> folders{download_folder(request.name)};
  const std::string users = Paths::choose("").cache + "/" + request.name;
  if (users != folders.front()) folders.push_back(users);
  if (const DataSet* set = find_data_set(request.name))
    folders.insert(folders.end(), set->folders.begin(), set->folders.end());
  return folders;
}

FoundFiles find_files(const DataRequest& request, const std::vector<Layout>& layouts) {
  std::error_code none;
  const std::vector<std::string> folders = data_folders(request);
  if (!request.dir.empty() && !fs::is_directory(folders.front(), none))
    throw InputError("data.dir=" + request.dir + ": " + why_no_folder(folders.front()) + ". " +
                     how_to_get(request));
  for (const std::string& folder : folders) {
    Part fullest;
    for (std::size_t i = 0; i < layouts.size(); ++i) {
      Part part = look_into(folder, layouts[i]);
      if (part.missing.empty()) return {i, folder, std::move(part.files)};
      if (part.files.size() > fullest.files.size()) fullest = std::move(part);
    }
    if (!fullest.files.empty()) not_there(request, {folder}, fullest.missing, layouts);
  }
  not_there(request, folders, layouts.front().roles.front().front(), layouts);
}

}  // namespace grapevine
