// The only way in which the program writes a file: under a temporary name in the same folder, synced, then
// renamed. Readers see the old content or the whole new one. An object belongs to one thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "engine/files/unfinished.h"

namespace grapevine {

/// The disk did not take what was to be written.
class CannotWrite : public RunError {
 public:
  /// `error` is errno's.
  CannotWrite(const std::string& path, int error);
  int error() const { return error_; }

 private:
  int error_;
};

/// A link is followed to its target and replaced there, if that is a plain file. What can't be replaced but
/// can be written to (a pipe, /dev/stdout and /dev/fd/N) is written directly. Everything else that is
/// no plain file (a folder, a device, a socket, a link to nowhere) is refused and left as it is.
class CarefulFile {
 public:
  /// Throws InputError where nothing may be written, CannotWrite where the disk refuses. A pipe waits here
  /// for its reader.
  explicit CarefulFile(const std::string& path);
  ~CarefulFile();  ///< without place() the old content stays and nothing is left behind
  CarefulFile(const CarefulFile&) = delete;
  CarefulFile& operator=(const CarefulFile&) = delete;

  /// Throws CannotWrite: the disk is full, the reader has closed the pipe …
  void put(const void* data, std::size_t size);
  void put(std::string_view text) { put(text.data(), text.size()); }
  /// The content is complete: synced and put in place, the folder synced too. Throws CannotWrite.
  void place();
  /// Of several at once, in one folder: the disk is waited for together, where some are closed once for all.
  friend void place_together(const std::vector<CarefulFile*>& files);
  /// The content is complete, and place_together() puts it in place: until then no descriptor is held. Throws
  /// CannotWrite.
  void close();

  /// Where the content lies until place(), for a library that writes to names only. "" when it goes straight
  /// to a pipe.
  const std::string& temporary_name() const { return temporary_; }

 private:
  void open_straight(const std::string& path, int descriptor);
  void open_beside(const std::string& target, unsigned mode);
  void begin_to_sync() const noexcept;
  void sync();
  void sync_disk() const;
  void rename_into_place();
  std::string folder() const;  ///< "" of a pipe
  [[noreturn]] void fail(int error) const;

  std::string path_;       ///< as the caller names it
  std::string target_;     ///< behind links
  std::string temporary_;  ///< "" once it is in place
  int file_ = -1;
  Unfinished unfinished_;
};

void place_together(const std::vector<CarefulFile*>& files);

/// Of errno: the disk is full, over a quota or a limit, or broken; another input would not help.
bool is_of_the_disk(int error);

/// Throws InputError for a name that a database next to it owns, whether the file is there or not: its log,
/// its journal, its folders, and what is in that of its locks.
void refuse_to_replace_companions(const std::string& path);
/// The same where there is a file that no export may replace: an SQLite database, or anything in a folder
/// that a database owns (`owner_note` lies in it).
void refuse_to_replace_data(const std::string& path);
inline constexpr const char* owner_note = "database-id";

/// `path` is a name under which a CarefulFile for `target` would begin, in the same folder.
bool is_temporary_name_of(const std::string& target, const std::string& path);

/// All at once, and never over data (refuse_to_replace_data). Throws as CarefulFile does.
void write_carefully(const std::string& path, std::string_view content);

/// Puts a file or a folder in its place, where nothing is yet, durably. Throws RunError.
void move_into_place(const std::string& from, const std::string& to);

/// Makes what renaming and removing did in `folder` durable. Where a file system has no such thing it does
/// nothing.
void sync_folder(const std::string& folder);

}  // namespace grapevine
