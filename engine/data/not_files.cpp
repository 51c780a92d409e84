#include "engine/data/not_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "engine/error.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

/// Of a link that can't be followed.
std::string what_link(const fs::path& path, const std::error_code& failed) {
  if (failed == std::errc::too_many_symbolic_link_levels) return "a link that leads in a circle";
  std::error_code none;
  const std::string target = fs::read_symlink(path, none).string();
  const bool nowhere = !failed || failed == std::errc::no_such_file_or_directory;
  return "a link to " + target + (nowhere ? ", where nothing is" : ": " + failed.message());
}

}  // namespace

std::string what_instead_of_a_file(const std::string& path) {
  std::error_code failed, none;
  const fs::file_type own = fs::symlink_status(path, none).type();
  switch (fs::status(path, failed).type()) {
    case fs::file_type::regular:
    case fs::file_type::directory:
      return "";
    case fs::file_type::fifo:
      return "a FIFO";
    case fs::file_type::socket:
      return "a socket";
    case fs::file_type::block:
    case fs::file_type::character:
      return "a device";
    default:
      return own == fs::file_type::symlink ? what_link(path, failed) : "";
  }
}

std::vector<NotAFile> not_files_in(const std::string& folder) {
  std::vector<NotAFile> found;
  std::error_code failed, none;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.') || entry->is_regular_file(none) || entry->is_directory(none)) continue;
    if (std::string what = what_instead_of_a_file(entry->path().string()); !what.empty())
      found.push_back({name, std::move(what)});
  }
  std::sort(found.begin(), found.end(), [](const NotAFile& a, const NotAFile& b) { return a.name < b.name; });
  return found;
}

std::string not_files_note(const std::vector<NotAFile>& found) {
  if (found.empty()) return "";
  std::string text = with_separators(std::ssize(found)) + (found.size() == 1 ? " name" : " names") +
                     " that can't be read as a file left out, as ";
  constexpr std::size_t most = 3;
  for (std::size_t i = 0; i < std::min(most, found.size()); ++i)
    text += (i == 0 ? "" : ", ") + found[i].name + " (" + found[i].what + ")";
  return text;
}

void refuse_not_files(const std::string& data, const std::string& folder, const std::vector<NotAFile>& found,
                      const std::function<bool(const std::string&)>& matters) {
  for (const NotAFile& entry : found)
    if (matters(entry.name))
      throw InputError("data set " + data + ": " + folder + "/" + entry.name + " is " + entry.what +
                       ", which can't be read: put the file there, or remove the name");
}

}  // namespace grapevine
