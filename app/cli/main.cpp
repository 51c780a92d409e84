// grapevine-cli: reads the command line, calls the command, turns errors into a message and an exit status.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/command_line.h"
#include "app/cli/console.h"
#include "engine/data/places.h"
#include "engine/door/engine_api.h"
#include "engine/error.h"

namespace grapevine::cli {
namespace {

/// With --json standard output carries one document also when there is no result.
int tell_error(const Options& options, const std::string& message, int status) {
  complain(message);
  if (options.json) print_json({{"error", message}, {"exit_status", status}});
  return status;
}

/// An option that names a file is given, and names none: a variable of the shell that isn't set. What the
/// default would do is not what was asked for.
std::string nameless(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i)
    for (const std::string option : {"--db", "--data-dir"})
      if (words[i] == option + "=" || (words[i] == option && i + 1 < words.size() && words[i + 1].empty()))
        return option + " is empty; name a file, or leave it out for the default";
  return "";
}

/// A command line that can't be read may have asked for JSON all the same.
int tell_wrong(const std::vector<std::string>& words, const std::string& text, int status) {
  std::fprintf(stderr, "grapevine-cli: %s\n", text.c_str());  // the user's own words, help in lines
  if (std::find(words.begin(), words.end(), "--json") != words.end())
    print_json({{"error", text}, {"exit_status", status}});
  return status;
}

/// Every error of the program ends here, once.
int guarded(const Run& run, const Options& options) {
  try {
    use_data_dir(options.data_dir);
    return run(options);
  } catch (const Error& error) {
    return tell_error(options, error.what(), error.exit_status());
  } catch (const std::bad_alloc&) {
    return tell_error(options, "out of memory; a smaller train.batch or model needs less", 1);
  } catch (const std::exception& error) {
    return tell_error(options, std::string("unexpected: ") + error.what(), 1);
  }
}

}  // namespace
}  // namespace grapevine::cli

int main(int count, char** words) {
  using namespace grapevine::cli;
  grapevine::prepare_engine_environment(words);
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
  if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
    complain(std::string("standard output could not be written: ") + std::strerror(errno));
    if (status == 0) status = 1;
  }
  return status;
}
