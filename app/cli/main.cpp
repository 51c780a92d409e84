// grapevine-cli: reads the command line, calls the command, turns errors into a message and an exit status.
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
  const ParsedCommandLine line = parse_command_line(std::vector<std::string>(words + 1, words + count));
  int status = line.status;
  if (line.options) {
    status = guarded(line.run, *line.options);
  } else if (line.status == 0) {
    std::fputs(line.text.c_str(), stdout);
  } else {
    std::fprintf(stderr, "grapevine-cli: %s\n", line.text.c_str());  // the user's own words, help in lines
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
    complain(std::string("standard output could not be written: ") + std::strerror(errno));
    if (status == 0) status = 1;
  }
  return status;
}
