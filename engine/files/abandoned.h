// What a program that was killed left: files and folders for work in between. The program that makes one
// holds an OS lock of it, which goes with the program; what bears our mark and is locked by nobody is
// nobody's any more. On a network's file system nothing is marked, and nothing removed. Any thread may call.
#pragma once

#include <string>

namespace grapevine {

/// Locks the file that `file` is open on, then marks it as work in between. False where it can be neither:
/// then it is never taken for abandoned.
bool mark_unfinished(int file) noexcept;
/// It becomes what it is for, or its lock is about to go.
void unmark_unfinished(int file) noexcept;

/// Puts a lock into a folder of ours; returns its descriptor, which is held as long as the folder is in use,
/// or -1.
int lock_work_folder(const std::string& folder) noexcept;

/// Abandoned files that a CarefulFile for `target` began, with what SQLite put next to them.
void remove_abandoned_files(const std::string& target) noexcept;
/// Abandoned work folders of this `start` (work_folder.h).
void remove_abandoned_folders(const std::string& start) noexcept;

}  // namespace grapevine
