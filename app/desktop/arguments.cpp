// The command line of `grapevine`.
#include "app/desktop/arguments.h"

#include <CLI/CLI.hpp>
#include <QString>
#include <QUrl>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "app/usage/declare.h"
#include "app/usage/man_page.h"
#include "engine/error.h"
#include "engine/experiment/shown.h"
#include "engine/lessons/lesson_files.h"
#include "engine/plans/link.h"
#include "engine/plans/plan.h"
#include "engine/plans/view.h"
#include "ui/panels/opened_file.h"

namespace grapevine {
namespace {

const std::vector<std::string> examples = {
    "grapevine                                  the window",
    "grapevine --lesson direct                  a lesson (grapevine-cli lessons lists them)",
    "grapevine race.json --play                 open an experiment and start it",
    "grapevine --screenshot out.png --steps 200 run 200 steps, write a picture of the window, end"};
constexpr const char* summary = "a desktop laboratory for feedback-alignment learning";

struct Raw {
  std::string experiment;
  std::vector<std::string> sets;
  std::optional<std::string> size;
  std::string view, lesson;
  bool no_opengl = false, dark = false, light = false, manual = false;
};

bool read_size(const std::string& text, std::optional<std::pair<int, int>>& size) {
  int width = 0, height = 0, read = 0;
  if (std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &read) != 2) return false;
  if (read != static_cast<int>(text.size()) || width < 400 || height < 300 || width > 10000 || height > 10000)
    return false;
  size.emplace(width, height);
  return true;
}

std::vector<Word> view_words() {
  std::vector<Word> words;
  for (const ViewEntry& entry : views())
    words.push_back({placeholder_of(entry), "", std::string(entry.help)});
  return words;
}

Usage usage_of(Raw& raw, Arguments& arguments) {
  Usage usage;
  usage
      .add("EXPERIMENT", &raw.experiment,
           "Experiment file (JSON, comments allowed) to open, a preset's name (grapevine-cli presets), a "
           "lesson "
           "file, a file of runs or a database, which opens with its library (with --db a file of runs is "
           "taken "
           "into that one), curves as CSV, which are taken into the library, or a link (grapevine:…), which "
           "fills the form; without one the start page")
      .completed_by(Completes::experiment);
  usage.add("--set", &raw.sets, "Change a setting; may be repeated")
      .shown_as("KEY=VALUE", Completes::setting);
  usage.add("--db", &arguments.database, "Database of the runs").shown_as("FILE", Completes::file);
  usage.add("--data-dir", &arguments.data_dir, "Folder for database, settings and downloads")
      .shown_as("DIR", Completes::folder);
  usage.add("--no-opengl", &raw.no_opengl, "Paint the figures without OpenGL");
  usage.add("--has-display", &arguments.only_asks_for_display,
            "Say by the exit status whether a window can open here (0, else 2), and end");
  usage.add("--play", &arguments.play, "Start the experiment at once");
  usage
      .add("--screenshot", &arguments.screenshot,
           "Run the experiment for --steps steps, write a picture (PNG) of the window, end; named *.gif, an "
           "animation of the stage over these steps. Without --db the library shows this run alone")
      .shown_as("FILE", Completes::file);
  usage
      .add("--bench-window", &arguments.bench,
           "Measure how the window paints and what that costs the training (half a minute), print JSON, end")
      .excluding("--screenshot");
  usage.add("--steps", &arguments.steps, "Steps before the picture").shown_as("N").between(0, 1000000000);
  usage
      .add("--size", &raw.size,
           "Size of the window, as 1600x1000; else the last one, and 1600x1000 for a picture")
      .shown_as("WxH");
  usage.add("--view", &raw.view, "What the window opens with").shown_as("VIEW").one_of(view_words());
  usage.add("--lesson", &raw.lesson, "Open a lesson (grapevine-cli lessons), or a file of one")
      .shown_as("NAME", Completes::file);
  usage.add("--present", &arguments.present,
            "For a lecture: large type, the stage and a lesson's step, nothing else (F5)");
  usage.add("--stage-only", &arguments.stage_only,
            "The stage alone, without panels, bars and other figures (F5 twice brings them back)");
  usage.add("--dark", &raw.dark, "Dark colors");
  usage.add("--light", &raw.light, "Light colors").excluding("--dark");
  usage.add("--manual", &raw.manual, "Print the man page").hidden = true;
  return usage;
}

std::string manual(const Usage& usage) {
  ManSection description("Description");
  description
      .paragraph(
          "grapevine opens a window in which networks are trained with feedback-alignment learning rules, "
          "and each layer's "
          "alignment with the true gradient is drawn while they train.")
      .paragraph(
          "Every run is stored in a database; grapevine-cli(1) does the same experiments in the terminal, "
          "with the same "
          "database.");
  ManSection options("Options");
  options.parameters(usage, false);
  ManSection files("Files");
  files
      .entry("~/.local/share/grapevine/grapevine.db", "",
             "The runs, an SQLite database with documented tables ($XDG_DATA_HOME).")
      .entry("~/.config/grapevine", "", "The window's settings ($XDG_CONFIG_HOME).");
  ManSection status("Exit status");
  status.entry("0", "", "the window was closed")
      .entry("1", "", "something failed")
      .entry("2", "", "the input was wrong");
  ManSection example_lines("Examples");
  example_lines.lines(examples);
  ManSection also("See also");
  also.paragraph("grapevine-cli(1)");
  return man_page("grapevine", summary, usage.synopsis(false) + " [OPTION…]",
                  {description, options, files, status, example_lines, also});
}

std::string footer() {
  std::string text = "\nExamples:\n";
  for (const std::string& line : examples) text += "  " + line + "\n";
  return text + "Without a display, grapevine-cli does the same experiments in the terminal.";
}

/// Desktops hand files over as paths or as file: URLs.
std::string without_file_scheme(const std::string& given) {
  if (!given.starts_with("file:")) return given;
  return QUrl(QString::fromStdString(given)).toLocalFile().toStdString();
}

/// The view that is asked for; none = the last one.
std::optional<ViewChoice> asked_view(const std::string& text) {
  if (text.empty()) return std::nullopt;
  try {
    return read_view(text);
  } catch (const InputError& error) {
    throw InputError(std::string("--view ") + error.what() + ".");
  }
}

/// What is still text, into its type; the sentence of what is wrong, "" when nothing is.
std::string take(const Raw& raw, Arguments& arguments) {
  if (raw.size && !read_size(*raw.size, arguments.size))
    return "--size " + shown(*raw.size) +
           " is not a valid size: enter WIDTHxHEIGHT, from 400x300, as in 1600x1000.";
  arguments.lesson = raw.lesson;
  arguments.view = asked_view(raw.view);
  if (arguments.view && arguments.view->view == View::lesson) {
    arguments.lesson = arguments.view->lesson;
    arguments.view.reset();
  }
  arguments.use_opengl = !raw.no_opengl;
  if (raw.dark) arguments.dark = true;
  if (raw.light) arguments.dark = false;
  const std::string given = without_file_scheme(raw.experiment);
  const OpenedKind kind = kind_of_opened(given);
  if (is_link(given)) {
    arguments.link = given;
    read_link(given);  // says here what is wrong with it
    if (arguments.play || arguments.steps > 0)
      return "a link starts nothing: leave --play and --steps out, look at the form, then press Play.";
  } else if (kind == OpenedKind::lesson) {
    arguments.lesson = given;
  } else if (kind == OpenedKind::run_file || kind == OpenedKind::database) {
    if (arguments.database.empty())
      arguments.database = given;
    else if (kind == OpenedKind::run_file)
      arguments.to_import = given;  // its runs into the database
    else
      return given +
             " is a database, and --db names another: leave one out, or take the runs of one into the "
             "other with Library > Import.";
    if (!arguments.view) arguments.view = {View::library, 0, {}};
  } else if (kind == OpenedKind::curves) {
    arguments.to_import = given;
    if (!arguments.view) arguments.view = {View::library, 0, {}};
  } else if (!given.empty()) {
    arguments.plan = load_plan(given, {.sets = raw.sets, .rules = {}});
  } else if (!raw.sets.empty()) {
    // --set alone changes the experiment that the window would open with.
    arguments.plan = make_plan(plan_to_json(first_experiment()).dump(), "the first experiment",
                               {.sets = raw.sets, .rules = {}});
  }
  if (!arguments.lesson.empty()) load_lesson(arguments.lesson);  // the same
  const bool nothing_asked = !arguments.view && !arguments.plan && arguments.link.empty() &&
                             arguments.lesson.empty() && !arguments.play && arguments.screenshot.empty() &&
                             !arguments.present && !arguments.bench;
  if (nothing_asked) arguments.view = {View::start, 0, {}};
  return "";
}

ArgumentsOrStatus wrong(const std::string& sentence) {
  std::cerr << "grapevine: " << sentence << "\n";
  return {std::nullopt, 2};
}

}  // namespace

ArgumentsOrStatus read_arguments(int argc, char** argv) {
  CLI::App app(std::string("Grapevine, ") + summary, "grapevine");
  app.set_version_flag("--version", std::string("grapevine ") + GRAPEVINE_VERSION,
                       "Print the version and end");
  app.set_help_flag("-h,--help", "Print this help and end");
  app.footer(footer());
  Raw raw;
  Arguments arguments;
  const Usage usage = usage_of(raw, arguments);
  declare(app, usage, "Options");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return {std::nullopt, app.exit(error)};
    return wrong(shown_in(error.what(), {argv + 1, argv + argc}) + ". See grapevine --help.");
  }
  if (raw.manual) {
    std::cout << manual(usage);
    return {std::nullopt, 0};
  }
  try {
    const std::string mistake = take(raw, arguments);
    if (!mistake.empty()) return wrong(mistake);
  } catch (const Error& error) {
    return wrong(error.what());
  }
  return {std::move(arguments), 0};
}

}  // namespace grapevine
