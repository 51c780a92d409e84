// Names in a data folder that are neither files nor folders: links that lead nowhere (data that were moved, a
// git-annex without its content) or in a circle, FIFOs, devices. What they stand for must not go missing
// without a word. Any thread may call.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace grapevine {

struct NotAFile {
  std::string name;  ///< in its folder, or below the folder that was asked about
  std::string what;  ///< "a link to /data/train.txt, where nothing is"
};

/// What a path is instead of a file or folder; "" for those, and for what isn't there at all.
std::string what_instead_of_a_file(const std::string& path);
/// Those directly in a folder, without dot files, sorted.
std::vector<NotAFile> not_files_in(const std::string& folder);
/// "2 names that can't be read as a file left out, as a.png (a FIFO)"; "" for none.
std::string not_files_note(const std::vector<NotAFile>& found);
/// Throws InputError for the first whose name `matters`: the data would lack it.
void refuse_not_files(const std::string& data, const std::string& folder, const std::vector<NotAFile>& found,
                      const std::function<bool(const std::string&)>& matters);

}  // namespace grapevine
