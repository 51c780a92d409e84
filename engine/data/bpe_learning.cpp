// Learns byte pairs in a program of its own (bpe_learner/), so that Stop is heard at once: it is killed.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>

#include "engine/data/bpe.h"
#include "engine/error.h"
#include "engine/experiment/vocabulary.h"
#include "engine/files/memory.h"
#include "engine/session/notes.h"

extern char** environ;

namespace grapevine {
namespace {

constexpr int loader_failed = 127;                              // as a shell has it
constexpr std::size_t size_of_learner = std::size_t{64} << 20;  // of its addresses, at the least
constexpr std::chrono::milliseconds longest_pause{20};  // between two looks at the program and at Stop

[[noreturn]] void fail(const std::string& why) {
  throw RunError("the byte-pair encoding can't be learned: " + why);
}

[[noreturn]] void lacks_memory() {
  throw NotEnoughMemory("there is too little memory to learn the byte-pair encoding; " +
                        std::string(advice_without_memory) + ", or give less text");
}

/// A file in memory without a name, closed at the end. Both sides read and write it without waiting for
/// each other, as they would with a pipe.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("grapevine byte pairs", MFD_CLOEXEC)) {
    if (descriptor_ < 0 && errno == ENOMEM) lacks_memory();
    if (descriptor_ < 0) fail(std::strerror(errno));
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  int descriptor() const { return descriptor_; }

  void write(const std::string& text) const {
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t put = ::write(descriptor_, text.data() + at, text.size() - at);
      if (put < 0 && (errno == ENOMEM || errno == ENOSPC)) lacks_memory();  // it lies in memory
      if (put < 0 && errno != EINTR) fail(std::strerror(errno));
      if (put > 0) at += static_cast<std::size_t>(put);
    }
  }
  void rewind() const { lseek(descriptor_, 0, SEEK_SET); }
  std::string content() const {
    std::string text(static_cast<std::size_t>(lseek(descriptor_, 0, SEEK_END)), '\0');
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t got = pread(descriptor_, text.data() + at, text.size() - at, static_cast<off_t>(at));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) fail(got < 0 ? std::strerror(errno) : "its result is incomplete");
      at += static_cast<std::size_t>(got);
    }
    return text;
  }

 private:
  int descriptor_;
};

/// The program, running until it ends or this does.
class Learner {
 public:
  Learner(const std::string& program, int vocabulary, const MemoryFile& in, const MemoryFile& out,
          const MemoryFile& complaint) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in.descriptor(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out.descriptor(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, complaint.descriptor(), STDERR_FILENO);
    std::string name = program, tokens = std::to_string(vocabulary);
    char* arguments[] = {name.data(), tokens.data(), nullptr};
    const int trouble = posix_spawn(&process_, program.c_str(), &files, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    if (trouble == ENOMEM || trouble == EAGAIN) lacks_memory();
    if (trouble != 0) fail(program + ": " + std::strerror(trouble) + "; reinstall Grapevine");
  }
  ~Learner() {
    if (ended_) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  Learner(const Learner&) = delete;
  Learner& operator=(const Learner&) = delete;

  /// Whether it has ended; how, in status().
  bool ended() {
    const pid_t seen = waitpid(process_, &status_, WNOHANG);
    if (seen < 0 && errno != EINTR) fail(std::strerror(errno));
    ended_ = seen == process_;
    return ended_;
  }
  int status() const { return status_; }

 private:
  pid_t process_ = 0;
  int status_ = 0;
  bool ended_ = false;
};

/// Each of a text's characters has a token beside the 256 bytes; sentencepiece says how many are the least:
/// "Vocabulary size is smaller than required_chars. 300 vs 459. Increase …". Else returns.
void refuse_too_few_tokens(int vocabulary, const std::string& complaint) {
  constexpr std::string_view words = "required_chars. ", between = " vs ";
  const std::size_t at = complaint.find(words), number = complaint.find(between, at);
  if (at == std::string::npos || number == std::string::npos) return;
  const int least = std::atoi(complaint.c_str() + number + between.size());
  std::string why = "data.vocabulary=" + std::to_string(vocabulary) + ": too few tokens for this text";
  if (least > most_vocabulary)
    throw InputError(why + ": its characters need " + with_separators(least) + ", more than the " +
                     with_separators(most_vocabulary) + " that there may be; give text of fewer characters");
  why += ", whose characters each need one";
  if (least <= vocabulary) throw InputError(why + ": set a larger number");
  throw InputError(why + ": set data.vocabulary=" + std::to_string(least) + " or more");
}

std::string lines_of(const WordCounts& words) {
  std::string lines;
  for (const auto& [word, count] : words) lines += word + "\t" + std::to_string(count) + "\n";
  return lines;
}

}  // namespace

std::string train_encoding(const WordCounts& words, int vocabulary, const WorkHooks& hooks) {
  const MemoryFile in, out, complaint;
  in.write(lines_of(words));
  in.rewind();
  Learner learner(beside_the_library("grapevine-learn-pairs"), vocabulary, in, out, complaint);
  for (auto pause = std::chrono::milliseconds(1); !learner.ended();
       pause = std::min(2 * pause, longest_pause)) {
    if (hooks.stopped()) throw WorkStopped{};
    std::this_thread::sleep_for(pause);
  }
  // The system ends what takes the last memory; the loader finds none for the program's libraries.
  const int status = learner.status();
  const bool unloaded = WIFEXITED(status) && WEXITSTATUS(status) == loader_failed;
  if ((WIFEXITED(status) && WEXITSTATUS(status) == learner_lacks_memory) ||
      (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) ||
      (unloaded && !has_addresses_for(size_of_learner)))
    lacks_memory();
  if (WIFSIGNALED(status)) fail("it was ended by signal " + std::to_string(WTERMSIG(status)));
  if (unloaded) fail(complaint.content() + "; reinstall Grapevine");
  if (status != 0) refuse_too_few_tokens(vocabulary, complaint.content());
  if (status != 0)
    throw RunError("data.vocabulary=" + std::to_string(vocabulary) +
                   ": the byte-pair encoding can't be made: " + complaint.content());
  return out.content();
}

}  // namespace grapevine
