// The command line of `grapevine`.
#include "app/desktop/arguments.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/error.h"
#include "engine/plans/plan.h"

namespace grapevine {
namespace {

constexpr const char* examples = R"(
Examples:
  grapevine                                  the window
  grapevine race.json --play                 open an experiment and start it
  grapevine --screenshot out.png --steps 200 run 200 steps, write a picture of the window, end
Without a display, grapevine-cli does the same experiments in the terminal.)";

struct Raw {
  std::string experiment;
  std::vector<std::string> sets;
  std::string size = "1600x1000", view;
  bool no_opengl = false, dark = false, light = false;
};

bool read_size(const std::string& text, std::pair<int, int>& size) {
  int width = 0, height = 0, read = 0;
  if (std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &read) != 2) return false;
  if (read != static_cast<int>(text.size()) || width < 400 || height < 300 || width > 10000 || height > 10000)
    return false;
  size = {width, height};
  return true;
}

void describe(CLI::App& app, Raw& raw, Arguments& arguments) {
  app.set_version_flag("--version", std::string("grapevine ") + GRAPEVINE_VERSION,
                       "Print the version and end");
  app.set_help_flag("-h,--help", "Print this help and end");
  app.footer(examples);
  app.add_option("EXPERIMENT", raw.experiment,
                 "Experiment file (JSON) to open, or a preset's name (grapevine-cli presets)");
  app.add_option("--set", raw.sets, "Change a setting: KEY=VALUE; may be repeated")
      ->type_name("KEY=VALUE")
      ->take_all();
  app.add_option("--db", arguments.database, "Database of the runs")->type_name("FILE");
  app.add_option("--data-dir", arguments.data_dir, "Folder for database, settings and downloads")
      ->type_name("DIR");
  app.add_flag("--no-opengl", raw.no_opengl, "Paint the figures without OpenGL");
  app.add_flag("--play", arguments.play, "Start the experiment at once");
  auto* screenshot =
      app.add_option("--screenshot", arguments.screenshot,
                     "Run the experiment for --steps steps, write a picture (PNG) of the window, end");
  screenshot->type_name("FILE");
  auto* steps = app.add_option("--steps", arguments.steps, "Steps before the picture")->type_name("N");
  steps->check(CLI::Range(0L, 1000000000L));
  app.add_flag(
         "--bench-window", arguments.bench,
         "Measure how the window paints and what that costs the training (half a minute), print JSON, end")
      ->excludes(screenshot);
  app.add_option("--size", raw.size, "Size of the window, 1600x1000")->type_name("WxH");
  app.add_option("--view", raw.view, "What the window opens with: the stage, or all figures (scope)")
      ->type_name("stage|scope")
      ->check(CLI::IsMember({"stage", "scope"}));
  auto* dark = app.add_flag("--dark", raw.dark, "Dark colours");
  app.add_flag("--light", raw.light, "Light colours")->excludes(dark);
}

}  // namespace

ArgumentsOrStatus read_arguments(int argc, char** argv) {
  CLI::App app("Grapevine, a desktop laboratory for feedback-alignment learning", "grapevine");
  Raw raw;
  Arguments arguments;
  describe(app, raw, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return {std::nullopt, app.exit(error)};
    std::cerr << "grapevine: " << error.what() << ". See grapevine --help.\n";
    return {std::nullopt, 2};
  }
  const auto wrong = [](const std::string& sentence) {
    std::cerr << "grapevine: " << sentence << "\n";
    return ArgumentsOrStatus{std::nullopt, 2};
  };
  if (!read_size(raw.size, arguments.size))
    return wrong("--size " + raw.size +
                 " is not a valid size: enter WIDTHxHEIGHT, from 400x300, as in 1600x1000.");
  arguments.use_opengl = !raw.no_opengl;
  if (!raw.view.empty()) arguments.stage = raw.view == "stage";
  if (raw.dark) arguments.dark = true;
  if (raw.light) arguments.dark = false;
  try {
    if (!raw.experiment.empty())
      arguments.plan = load_plan(raw.experiment, {.sets = raw.sets, .rules = {}});
    else if (!raw.sets.empty())
      // --set alone changes the experiment that the window would open with.
      arguments.plan = make_plan(plan_to_json(first_experiment()).dump(), "the first experiment",
                                 {.sets = raw.sets, .rules = {}});
  } catch (const Error& error) {
    return wrong(error.what());
  }
  return {std::move(arguments), 0};
}

}  // namespace grapevine
