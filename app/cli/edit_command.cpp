// edit: what the library says of runs. Nothing that was computed changes.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/stored_runs.h"
#include "engine/error.h"
#include "engine/experiment/utf8.h"
#include "engine/runs/run_key.h"

namespace grapevine::cli {
namespace {

struct EditOptions {
  std::vector<std::string> ids;
  std::optional<std::string> name, note, colour;  ///< "" takes the text away
  std::optional<std::string> at;                  ///< the step that the note is of; none = the run's
  std::vector<std::string> tags, untags;
  bool pin = false, unpin = false;
  bool archive = false, unarchive = false;
  bool baseline = false, no_baseline = false;
};

/// nullopt: the rule's own.
std::optional<std::uint32_t> colour_of(const std::string& text) {
  if (text == "rule") return std::nullopt;
  const std::string digits = text.starts_with('#') ? text.substr(1) : text;
  if (digits.size() != 6 || digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
    throw InputError("--colour takes six hexadecimal digits, as 0072B2, or the word rule, and not '" + text +
                     "'");
  return static_cast<std::uint32_t>(std::stoul(digits, nullptr, 16));
}

void check_tags(const std::vector<std::string>& tags) {
  for (const std::string& tag : tags)
    if (tags_in(tag) != std::vector{tag})
      throw InputError("a tag is one word without commas, and not '" + tag +
                       "'; give several with --tag A --tag B");
}

std::int64_t step_of(const std::string& text) {
  if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos)
    throw InputError("--at takes a step's number, as 1200, and not '" + text + "'");
  return std::stoll(text);
}

constexpr std::size_t longest_name = 10'000;  // as an experiment's

void check_text(const char* option, const std::string& text, std::size_t longest = 100'000) {
  if (const std::size_t end = valid_utf8(text); end < text.size())
    throw InputError(std::string(option) + ": byte " + std::to_string(end + 1) +
                     " is not UTF-8; set the terminal's encoding to UTF-8");
  if (text.size() > longest)
    throw InputError(std::string(option) + " has " + std::to_string(text.size()) + " bytes; give it " +
                     std::to_string(longest) + " at most");
}

void check_request(const EditOptions& own) {
  if (own.name) check_text("--name", *own.name, longest_name);
  if (own.note) check_text("--note", *own.note);
  if (own.at) step_of(*own.at);
  if (own.at && !own.note)
    throw InputError("--at names the step of a note: add --note TEXT (an empty text takes the note away)");
  for (const std::string& tag : own.tags) check_text("--tag", tag);
  if (own.pin && own.unpin) throw InputError("--pin and --unpin together say nothing: leave one out");
  if (own.archive && own.unarchive)
    throw InputError("--archive and --unarchive together say nothing: leave one out");
  if (own.baseline && own.no_baseline)
    throw InputError("--baseline and --no-baseline together say nothing: leave one out");
  check_tags(own.tags);
  check_tags(own.untags);
  for (const std::string& tag : own.tags)
    if (in_one_line(tag) != tag)
      throw InputError("--tag has a character that can't be seen: give it letters, digits and signs");
  if (own.colour) colour_of(*own.colour);
  if (!own.name && !own.note && !own.colour && own.tags.empty() && own.untags.empty() && !own.pin &&
      !own.unpin && !own.archive && !own.unarchive && !own.baseline && !own.no_baseline)
    throw InputError(
        "edit needs something to change: --name, --tag, --untag, --note, --colour, --pin, --unpin, "
        "--archive, "
        "--unarchive, --baseline or --no-baseline");
}

void edit(RunEditor& editor, const EditOptions& own, std::int64_t id) {
  if (own.name) editor.set_name(id, *own.name);
  if (own.note && own.at) editor.set_note_at(id, step_of(*own.at), *own.note);
  if (own.note && !own.at) editor.set_notes(id, *own.note);
  if (own.colour) {
    if (const auto colour = colour_of(*own.colour))
      editor.set_colour(id, *colour);
    else
      editor.use_rules_colour(id);
  }
  for (const std::string& tag : own.untags) editor.remove_tag(id, tag);
  for (const std::string& tag : own.tags) editor.add_tag(id, tag);
  if (own.pin || own.unpin) editor.set_pinned(id, own.pin);
  if (own.archive || own.unarchive) editor.set_archived(id, own.archive);
  if (own.baseline || own.no_baseline) editor.set_baseline(id, own.baseline);
}

int run(const Options& options, const EditOptions& own) {
  check_request(own);
  const std::vector<std::int64_t> ids = resolve_all(*need_runs(options), own.ids);
  RunEditor editor(options.database_path());
  for (const std::int64_t id : ids) edit(editor, own, id);
  const bool unnamed = own.name && in_one_line(*own.name).empty();
  tell_done(options, "Changed", ids,
            !unnamed          ? ""
            : ids.size() == 1 ? ": it has no name now and is called by its number"
                              : ": they have no names now and are called by their numbers");
  return 0;
}

void describe(Usage& usage, EditOptions& own) {
  add_runs(usage, own.ids);
  usage.add("--name", &own.name, "A new name; an empty text removes it, and the run is called by its number")
      .shown_as("TEXT");
  usage.add("--tag", &own.tags, "Add a tag; may be given several times").shown_as("WORD");
  usage.add("--untag", &own.untags, "Remove a tag; may be given several times").shown_as("WORD");
  usage.add("--note", &own.note, "New notes, which replace the old ones; an empty text removes them")
      .shown_as("TEXT");
  usage
      .add("--at", &own.at,
           "With --note: attach it to this step; figures mark it, and lists of events show it")
      .shown_as("STEP");
  usage
      .add("--colour", &own.colour,
           "The runs' colour in every figure, as 0072B2 or #0072B2; rule: the rule's own")
      .shown_as("RRGGBB");
  usage.add("--pin", &own.pin, "Keep the runs at the top of the library");
  usage.add("--unpin", &own.unpin, "Undo --pin");
  usage.add("--archive", &own.archive, "Archive the runs: lists leave them out");
  usage.add("--unarchive", &own.unarchive, "Undo --archive");
  usage.add("--baseline", &own.baseline,
            "Compare others with these runs where several could serve as BP or DFA");
  usage.add("--no-baseline", &own.no_baseline, "Undo --baseline");
}

}  // namespace

Command edit_command() {
  return make_command<EditOptions>(
      {"edit", "Change runs' name, tags, notes, colour, pin or archive them", ""}, describe, run);
}

}  // namespace grapevine::cli
