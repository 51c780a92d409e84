// import: parameters of another program, or of another run, as the start of a new one.
#include "app/cli/commands.h"
#include "app/cli/terminal_run.h"
#include "engine/error.h"
#include "engine/files/home.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {
namespace {

struct ImportOptions {
  std::string file, into;
};

int run(const Options& options, const ImportOptions& own) {
  if (own.into.empty())
    throw InputError(
        "import FILE needs --into EXPERIMENT.json (or a preset's name): the experiment whose network starts "
        "from "
        "these parameters");
  Overrides overrides = options.overrides();
  overrides.sets.push_back("model.weights=" + with_home(own.file));
  LaunchRequest request;
  request.plan = load_plan(own.into, overrides);
  return carry_out(options, std::move(request));
}

void describe(Usage& usage, ImportOptions& own) {
  usage.add("FILE", &own.file, "A file of parameters (safetensors, as export writes it)")
      .shown_as("FILE", Completes::file)
      .must_be_given();
  usage.add("--into", &own.into, "The experiment file, or a preset's name, whose network starts from it")
      .shown_as("EXPERIMENT.json", Completes::experiment);
}

}  // namespace

Command import_command() {
  return make_command<ImportOptions>({"import", "Start a run from a file of parameters",
                                      "The same as train, or race, of the experiment with --set "
                                      "model.weights=FILE. Where names or shapes don't "
                                      "fit, what the network wants and what the file has is listed.",
                                      Shows::settings},
                                     describe, run);
}

}  // namespace grapevine::cli
