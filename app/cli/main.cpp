// grapevine-cli: reads the command line, calls the command, turns errors into a message and an exit status.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "engine/error.h"

namespace grapevine::cli {
namespace {

int run(const Options& options) {
  for (const Command& command : commands()) {
    if (options.command == command.name) return command.run(options);
  }
  return 2;  // the parser knows the same list
}

/// Every error of the program ends here, once.
int guarded(const Options& options) {
  try {
    return run(options);
  } catch (const Error& error) {
    complain(error.what());
    return error.exit_status();
  } catch (const std::bad_alloc&) {
    complain("out of memory; a smaller train.batch or model needs less");
    return 1;
  } catch (const std::exception& error) {
    complain(std::string("unexpected: ") + error.what());
    return 1;
  }
}

}  // namespace
}  // namespace grapevine::cli

int main(int count, char** words) {
  using namespace grapevine::cli;
  const ParsedCommandLine line = parse_command_line(std::vector<std::string>(words + 1, words + count));
  int status = line.status;
  if (line.options) {
    status = guarded(*line.options);
  } else if (line.status == 0) {
    std::fputs(line.text.c_str(), stdout);
  } else {
    complain(line.text);
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
    complain("standard output could not be written");
    if (status == 0) status = 1;
  }
  return status;
}
