// sample: says a word as often as asked. A sample.
#include "app/cli/command.h"
#include "app/cli/console.h"

namespace grapevine::cli {
namespace {

struct SampleOptions {
  std::string word;
  int times = 1;
};

int run(const Options&, const SampleOptions& own) {
  for (int i = 0; i < own.times; ++i) print(own.word + "\n");
  return 0;
}

void describe(Usage& usage, SampleOptions& own) {
  usage.add("WORD", &own.word, "What to say").must_be_given();
  usage.add("--times", &own.times, "How often").shown_as("N").between(1, 9);
}

}  // namespace

Command sample_command() {
  return make_command<SampleOptions>({"sample", "Say a word", ""}, describe, run);
}

}  // namespace grapevine::cli
