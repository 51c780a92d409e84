#include "engine/runs/stored_experiment.h"

#include "engine/error.h"
#include "engine/experiment/json_text.h"

namespace grapevine {

Experiment stored_experiment(const RunData& run) {
  const std::string source = "the settings stored with run " + std::to_string(run.id);
  if (run.experiment == no_experiment)
    throw InputError("run " + std::to_string(run.id) +
                     " is curves that were taken in from another program: it has no experiment and no "
                     "parameters, so that it can't be trained on, repeated or exported as a network");
  try {
    return Experiment::from_json(parse_document(run.experiment, source));
  } catch (const InputError& error) {
    const std::string words = error.what();
    throw InputError(words.starts_with(source) ? words : source + ": this version can't read them: " + words);
  }
}

}  // namespace grapevine
