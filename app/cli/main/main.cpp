// grapevine-cli: reads the command line, calls the command, turns errors into a message and an exit status.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/bounded_output.h"
#include "app/cli/command_line.h"
#include "app/cli/console.h"
#include "app/cli/stop_requests.h"
#include "engine/data/places.h"
#include "engine/door/engine_api.h"
#include "engine/files/error_words.h"
#include "engine/files/memory.h"
#include "engine/files/unfinished.h"
#include "engine/runs/store_notices.h"

namespace grapevine::cli {
namespace {

/// With --json standard output carries one document also when there is no result.
int tell_error(const Options& options, const std::string& message, int status) {
  complain(message);
  if (options.json) print_json({{"error", message}, {"exit_status", status}});
  return status;
}

/// A file is to be named, and the name is empty: a variable of the shell that isn't set. What the default
/// would do is not what was asked for. Options that take a text, as --note, may be given an empty one.
std::string nameless(const std::vector<std::string>& words) {
  for (std::size_t i = 1; i < words.size(); ++i)
    if (words[i].empty() && !words[i - 1].starts_with('-'))
      return "argument " + std::to_string(i + 1) + " is empty; name what it is to be, or leave it out";
  for (std::size_t i = 0; i < words.size(); ++i)
    for (const std::string option : {"--db", "--data-dir"})
      if (words[i] == option + "=" || (words[i] == option && i + 1 < words.size() && words[i + 1].empty()))
        return option + " is empty; name a file, or leave it out for the default";
  return "";
}

/// A command line that can't be read may have asked for JSON all the same.
int tell_wrong(const std::vector<std::string>& words, const std::string& text, int status) {
  std::fprintf(stderr, "grapevine-cli: %s\n", text.c_str());  // help in lines, where it asks for a command
  if (std::find(words.begin(), words.end(), "--json") != words.end())
    print_json({{"error", text}, {"exit_status", status}});
  return status;
}

/// Every error of the program ends here, once.
int guarded(const Run& run, const Options& options) {
  try {
    use_data_dir(options.data_dir);
    return run(options);
  } catch (const std::exception& error) {
    const ErrorWords words = words_of(error);
    return tell_error(options, words.message, words.exit_status);
  }
}

}  // namespace
}  // namespace grapevine::cli

int main(int count, char** words) {
  using namespace grapevine::cli;
  grapevine::hold_memory_reserve();
  end_as_stopped();
  grapevine::end_without_remains();
  grapevine::prepare_engine_environment(words);
  grapevine::listen_to_store_notices([](const std::string& sentence) { complain(sentence); });
  const std::vector<std::string> given(words + 1, words + count);
  const ParsedCommandLine line = parse_command_line(given);
  int status = line.status;
  if (const std::string trouble = nameless(given); line.options && !trouble.empty()) {
    status = tell_wrong(given, trouble, 2);
  } else if (line.options) {
    status = guarded(line.run, *line.options);
  } else if (line.status == 0) {
    std::fputs(line.text.c_str(), stdout);
  } else {
    status = tell_wrong(given, line.text, line.status);
  }
  if (!flush_output() || std::ferror(stdout)) {
    complain(std::string("standard output could not be written: ") + std::strerror(errno));
    if (status == 0) status = 1;
  }
  return status;
}
