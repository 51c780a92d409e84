// A list that only grows, block by block, so that a handler may read it: there nothing may be allocated and
// no lock be taken.
#include "engine/files/unfinished.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <new>

namespace grapevine {

struct UnfinishedPlace {
  std::atomic<int> state{0};
  char path[PATH_MAX + 16];  ///< room for SQLite's endings
  std::size_t length;
};

namespace {

enum State { is_free, is_taken, is_named };

using Place = UnfinishedPlace;

struct Block {
  Place places[32];
  std::atomic<Block*> next{nullptr};
};

Block first_block;

/// The one after `block`, which is made where there is none; nullptr where memory holds no more: what it
/// would name stays, as after a kill.
Block* next_of(Block& block) noexcept {
  Block* next = block.next;
  if (next) return next;
  auto* made = new (std::nothrow) Block;
  if (!made || block.next.compare_exchange_strong(next, made)) return made;
  delete made;  // another thread was faster
  return next;
}

/// Finds a free place and takes it.
Place* take_place() noexcept {
  for (Block* block = &first_block; block; block = next_of(*block))
    for (Place& place : block->places) {
      int expected = is_free;
      if (place.state.compare_exchange_strong(expected, is_taken)) return &place;
    }
  return nullptr;
}

constexpr int deepest = 4;

void remove_at(int folder, const char* name, int depth) noexcept;

void remove_entries(int folder, int depth) noexcept {
  alignas(dirent64) char buffer[2048];
  for (ssize_t size; (size = ::getdents64(folder, buffer, sizeof buffer)) > 0;)
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
      at += entry->d_reclen;
      if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
        remove_at(folder, entry->d_name, depth + 1);
    }
}

void remove_at(int folder, const char* name, int depth) noexcept {
  if (::unlinkat(folder, name, 0) == 0 || errno != EISDIR || depth > deepest) return;
  const int inside = ::openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (inside < 0) return;
  remove_entries(inside, depth);
  ::close(inside);
  ::unlinkat(folder, name, AT_REMOVEDIR);
}

void remove_named(Place& place) noexcept {
  if (place.state != is_named) return;
  remove_at(AT_FDCWD, place.path, 0);
  for (const char* ending : {"-journal", "-wal", "-shm"}) {
    std::memcpy(place.path + place.length, ending, std::strlen(ending) + 1);
    ::unlink(place.path);
  }
  place.path[place.length] = '\0';
}

extern "C" void on_end(int signal) {
  remove_unfinished();
  ::raise(signal);  // the handler is gone: now it does what it always did
}

}  // namespace

void Unfinished::name(const std::string& path) noexcept {
  forget();
  // A handler knows no folder that names would begin in.
  char folder[PATH_MAX] = "";
  if (!path.starts_with('/') && (!::getcwd(folder, sizeof folder - 1) || folder[0] != '/')) return;
  const std::size_t before = path.starts_with('/') ? 0 : std::strlen(folder) + 1;
  if (before + path.size() > PATH_MAX) return;
  Place* place = take_place();
  if (!place) return;
  if (before > 0) {
    std::memcpy(place->path, folder, before - 1);
    place->path[before - 1] = '/';
  }
  std::memcpy(place->path + before, path.c_str(), path.size() + 1);
  place->length = before + path.size();
  place_ = place;
  place->state = is_named;
}

void Unfinished::forget() noexcept {
  if (place_) place_->state = is_free;
  place_ = nullptr;
}

void end_without_remains() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) {
    struct sigaction action {
    }, before{};
    sigemptyset(&action.sa_mask);
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
    action.sa_handler = on_end;
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_DFL)
      ::sigaction(signal, &action, nullptr);
  }
  std::signal(SIGXFSZ, SIG_IGN);
}

void remove_unfinished() noexcept {
  const int error = errno;
  for (Block* block = &first_block; block; block = block->next)
    for (Place& place : block->places) remove_named(place);
  errno = error;
}

}  // namespace grapevine
