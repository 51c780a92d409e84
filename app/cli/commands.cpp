// The list of commands, from commands.def.
#include "app/cli/commands.h"

namespace grapevine::cli {

#define GRAPEVINE_COMMAND(name) Command name##_command();
#include "app/cli/commands.def"
#undef GRAPEVINE_COMMAND

const std::vector<Command>& commands() {
  static const std::vector<Command> list = {
#define GRAPEVINE_COMMAND(name) name##_command(),
#include "app/cli/commands.def"
#undef GRAPEVINE_COMMAND
  };
  return list;
}

}  // namespace grapevine::cli
