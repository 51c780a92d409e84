#include "engine/data/download.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "engine/data/fetch.h"
#include "engine/data/locate.h"
#include "engine/data/places.h"
#include "engine/data/unpack.h"
#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "engine/files/whole_file.h"

namespace grapevine {
namespace {

namespace fs = std::filesystem;

/// Parts, archives and what is being unpacked; goes when the data set is in place.
std::string work_folder(const std::string& key) {
  return cache_root() + "/partial/" + key;
}

/// Held while a data set is fetched.
class Lock {
 public:
  Lock(const std::string& key, const std::string& folder) : file_(folder + ".lock") {
    std::error_code failed;
    fs::create_directories(folder, failed);
    handle_ = failed ? -1 : ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (handle_ < 0)
      throw InputError(folder + " can't be made: " + (failed ? failed.message() : std::strerror(errno)) +
                       "; name another folder with --data-dir");
    if (::flock(handle_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(handle_);
    throw InputError("another program is just getting " + key + "; wait for it, or stop it");
  }
  ~Lock() { ::close(handle_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  std::string file_;
  int handle_ = -1;
};

std::string md5_of(const std::string& file, const WorkHooks& hooks) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> sum(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!sum || EVP_DigestInit_ex(sum.get(), EVP_md5(), nullptr) != 1)
    throw RunError("can't compute MD5 sums: libcrypto refuses");
  std::error_code none;
  WorkProgress now{"checking", fs::path(file).filename().string(), 0,
                   static_cast<std::int64_t>(fs::file_size(file, none)), 0};
  read_in_pieces(file, [&](const char* piece, std::size_t size) {
    if (hooks.stopped()) throw WorkStopped{};
    EVP_DigestUpdate(sum.get(), piece, size);
    now.done += static_cast<std::int64_t>(size);
    hooks.tell(now);
  });
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_DigestFinal_ex(sum.get(), bytes, &length);
  std::string text;
  for (unsigned i = 0; i < length; ++i) {
    text += "0123456789abcdef"[bytes[i] >> 4];
    text += "0123456789abcdef"[bytes[i] & 15];
  }
  return text;
}

/// "" when the file is the published one as far as that is known, else what is wrong.
std::string difference(const std::string& file, const SourceFile& published, const WorkHooks& hooks) {
  std::error_code none;
  const auto size = static_cast<std::int64_t>(fs::file_size(file, none));
  if (published.size > 0 && size != published.size)
    return "it has " + std::to_string(size) + " bytes, expected " + std::to_string(published.size);
  if (published.md5.empty()) return size > 0 ? "" : "it is empty";
  const std::string sum = md5_of(file, hooks);
  return sum == published.md5 ? "" : "its MD5 sum is " + sum + ", expected " + published.md5;
}

std::string address_in(const std::string& folder, const std::string& name) {
  return folder + (folder.ends_with('/') ? "" : "/") + name;
}

/// Bytes of a file that an earlier call left.
std::int64_t arrived(const std::string& file) {
  std::error_code none;
  const auto size = fs::file_size(file + ".part", none);
  return none ? 0 : static_cast<std::int64_t>(size);
}

/// What a file of unknown size may have at most: an archive is no larger than what is in it, roughly.
std::int64_t most_bytes(const SourceFile& file, std::int64_t unpacked) {
  constexpr std::int64_t unknown = std::int64_t{2} << 30;
  if (file.size > 0) return file.size;
  return unpacked > 0 ? 2 * unpacked : unknown;
}

/// A file with the published sum, from the first folder that has one.
void get_file(const SourceFile& file, const std::string& path, std::int64_t space,
              const DownloadOptions& options, const WorkHooks& hooks) {
  std::error_code none;
  if (fs::is_regular_file(path, none)) {  // of an earlier call
    if (difference(path, file, hooks).empty()) return;
    fs::remove(path, none);
  }
  const std::vector<std::string> folders =
      options.from.empty() ? file.folders : std::vector<std::string>{options.from};
  std::string failures;
  for (const std::string& folder : folders) {
    FetchRequest request;
    request.addresses = {address_in(folder, file.name)};
    request.file = path;
    request.size = file.size;
    request.most = most_bytes(file, space);
    request.space = space;
    request.attempts = options.attempts;
    request.pause = options.pause;
    request.stall = options.stall;
    std::string words;
    try {
      fetch(request, hooks);
      words = difference(path, file, hooks);
      if (words.empty()) return;
      fs::remove(path, none);
      words = request.addresses.front() + ": this is not the published file: " + words + "; it was removed";
    } catch (const RunError& error) {
      words = error.what();
    }
    failures += (failures.empty() ? "" : "; ") + words;
    // Of a full disk one complaint is enough.
    try {
      demand_space(fs::path(path).parent_path().string(), std::max(space, disk_reserve));
    } catch (const RunError& full) {
      const bool said = failures.find(full.what()) != std::string::npos;
      throw RunError(failures + (said ? "" : std::string("; ") + full.what()));
    }
  }
  throw RunError(failures + (arrived(path) > 0
                                 ? "; try again later: what has come so far is kept"
                                 : "; try again later, from a mirror, or get the files by hand"));
}

/// The folder within `unpacked` that holds the data: itself, or one in it.
std::string folder_with_data(const std::string& key, const std::string& unpacked) {
  DataRequest request;
  request.name = key;
  std::vector<std::string> candidates{unpacked};
  constexpr std::size_t most_candidates = 16;
  for (const auto& entry : fs::directory_iterator(unpacked))
    if (entry.is_directory() && candidates.size() < most_candidates)
      candidates.push_back(entry.path().string());
  std::string words;
  for (const std::string& candidate : candidates) try {
      request.dir = candidate;
      return locate_data(request);
    } catch (const InputError& error) {
      if (words.empty()) words = error.what();
    }
  throw RunError("what was downloaded does not hold the data set's files: " + words);
}

void sync_all(const std::string& folder) {
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  ::syncfs(handle);
  ::close(handle);
}

/// Moves what lies at `place` out of the way; returns where to, "" when there was nothing.
std::string set_aside(const std::string& place) {
  std::error_code none;
  if (!fs::exists(place, none)) return "";
  if (fs::is_directory(place, none) && fs::is_empty(place, none)) {
    fs::remove(place, none);
    return "";
  }
  std::string aside = place + ".before";
  for (int i = 2; fs::exists(aside, none); ++i) aside = place + ".before" + std::to_string(i);
  move_into_place(place, aside);
  return aside;
}

Downloaded install(const DataSource& source, const DownloadOptions& options, const WorkHooks& hooks) {
  const std::string work = work_folder(source.key), unpacked = work + "/unpacked";
  Downloaded result;
  result.folder = download_folder(source.key);
  result.summed = true;
  std::error_code none;
  fs::remove_all(unpacked, none);  // of a call that was killed
  std::int64_t missing = source.unpacked;
  for (const SourceFile& file : source.files)
    if (!fs::exists(work + "/" + file.name, none))
      missing += std::max<std::int64_t>(0, file.size - arrived(work + "/" + file.name));
  demand_space(work, missing);
  for (const SourceFile& file : source.files) {
    const std::string path = work + "/" + file.name;
    get_file(file, path, source.unpacked, options, hooks);
    result.bytes += static_cast<std::int64_t>(fs::file_size(path, none));
    result.summed = result.summed && !file.md5.empty();
  }
  if (source.archive) {
    // Twice what is known: a wrong archive doesn't fill the disk.
    const std::int64_t most = source.unpacked > 0 ? 2 * source.unpacked : std::int64_t{8} << 30;
    unpack(work + "/" + source.files.front().name, unpacked, most, hooks);
  } else {
    fs::create_directory(unpacked);
    for (const SourceFile& file : source.files)
      move_into_place(work + "/" + file.name, unpacked + "/" + file.name);
  }
  std::string folder;
  try {
    folder = folder_with_data(source.key, unpacked);
  } catch (...) {
    fs::remove_all(work, none);  // the same archive would fail again
    throw;
  }
  sync_all(folder);
  result.kept = set_aside(result.folder);
  move_into_place(folder, result.folder);
  fs::remove_all(work, none);
  return result;
}

}  // namespace

Downloaded download(const DataSource& source, const DownloadOptions& options, const WorkHooks& hooks) {
  const Lock lock(source.key, work_folder(source.key));
  try {
    return install(source, options, hooks);
  } catch (const WorkStopped&) {
    Downloaded result;
    result.stopped = true;
    return result;
  } catch (const fs::filesystem_error& error) {
    throw RunError(std::string("the data set can't be put in place: ") + error.what());
  }
}

}  // namespace grapevine
