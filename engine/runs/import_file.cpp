#include "engine/runs/import_file.h"

#include <filesystem>
#include <fstream>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/files/sqlite_file.h"
#include "engine/runs/run_file.h"

namespace grapevine {
namespace {

constexpr std::size_t read_first = 512;

std::string beginning_of(const std::string& path) {
  std::error_code none;
  const auto kind = std::filesystem::status(path, none).type();
  if (kind == std::filesystem::file_type::directory)
    throw InputError("can't read " + path + ": it is a folder; name a file in it");
  if (kind != std::filesystem::file_type::regular && kind != std::filesystem::file_type::not_found)
    throw InputError("can't read " + path + ": it is a pipe or a device; save what it gives as a file first");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError("can't read " + path + ": there is no such file, or it may not be read");
  std::string text(read_first, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

/// By the name of a zip's first file: "test_accuracy.npy", "12/cos_b_j[2].npy".
bool holds_curves(const std::string& zip) {
  constexpr std::size_t length_at = 26, name_at = 30;
  if (zip.size() < name_at) return false;
  const std::size_t length = static_cast<unsigned char>(zip[length_at]) +
                             256 * static_cast<std::size_t>(static_cast<unsigned char>(zip[length_at + 1]));
  std::string name = zip.substr(name_at, length);
  if (!name.ends_with(".npy")) return false;
  name.resize(name.size() - 4);
  name.erase(0, name.find('/') + 1);  // nothing where there is none
  return find_measure(name.substr(0, name.find('['))) != nullptr;
}

}  // namespace

ImportedCurves import_file(const std::string& database, const std::string& file) {
  const std::string beginning = beginning_of(file);
  if (beginning.starts_with(sqlite_beginning)) return {import_run_file(database, file), {}};
  if (beginning.starts_with("GRAPEVCK"))
    throw InputError(
        file + " is a checkpoint and says nothing of its run: import a file that export --format run made");
  if (beginning.starts_with("PK") && holds_curves(beginning))
    throw InputError(file +
                     " holds curves for NumPy, which are not read back: import runs as run files, or curves "
                     "as CSV (export --format run or csv)");
  if (beginning.starts_with("PK") || file.ends_with(".safetensors"))
    throw InputError(
        file +
        " holds parameters, it seems, and no run: name the experiment whose network starts from them with "
        "--into EXPERIMENT.json");
  return import_curves(database, file);
}

void add_import(ImportedCurves& all, const ImportedCurves& one) {
  all.taken.insert(all.taken.end(), one.taken.begin(), one.taken.end());
  all.left.insert(all.left.end(), one.left.begin(), one.left.end());
  all.notes.insert(all.notes.end(), one.notes.begin(), one.notes.end());
  all.known += one.known;
  all.checkpoints += one.checkpoints;
  if (all.disk.empty()) all.disk = one.disk;
}

}  // namespace grapevine
