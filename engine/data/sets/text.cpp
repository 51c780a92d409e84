// The user's own text, any UTF-8 files: what is for training, validation and test is in their names, else
// the last tenth of all of them together is held out.
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string_view>

#include "engine/data/data_set.h"
#include "engine/data/files.h"
#include "engine/data/not_files.h"
#include "engine/data/own_files.h"
#include "engine/data/sniff.h"
#include "engine/data/text_set.h"
#include "engine/error.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/utf8.h"

namespace grapevine {
namespace {

using Text = std::vector<std::uint8_t>;
enum class Part { train, validation, test };

/// The part that a name says, if any.
std::optional<Part> said_part(const std::string& name) {
  const std::string low = in_lower_case(name);
  if (name_has(low, {"train"})) return Part::train;
  if (name_has(low, {"valid", "val.", "-val", "_val", "dev."})) return Part::validation;
  return name_has(low, {"test"}) ? std::optional(Part::test) : std::nullopt;
}

Part part_of(const std::string& name) {
  return said_part(name).value_or(Part::train);
}

bool is_texts_name(const std::string& name) {
  const std::string low = in_lower_case(name);
  static constexpr const char* endings[] = {".txt", ".text", ".md", ".tokens", ".rst", ".tex"};
  return std::any_of(std::begin(endings), std::end(endings),
                     [&](const char* ending) { return low.ends_with(ending); });
}

/// Names in a folder that can't be read as text; a folder among them where it bears a text's name.
std::vector<NotAFile> not_texts_in(const std::string& folder) {
  std::vector<NotAFile> found = not_files_in(folder);
  for (const std::string& name : folders_in(folder))
    if (is_texts_name(name)) found.push_back({name, "a folder"});
  return found;
}

/// Is it text as its name and its beginning say? Databases, logs and the like are none that are meant.
bool is_text(const std::string& file) {
  if (!is_texts_name(file)) return false;
  constexpr std::size_t enough = 4096, longest_character = 4;
  try {
    const Text bytes = read_beginning(file, enough);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return !text.empty() && text.find('\0') == std::string_view::npos && what_it_is(bytes).empty() &&
           valid_utf8(text) + longest_character > text.size();
  } catch (const InputError&) {
    return false;
  }
}

bool has_text(const std::string& folder) {
  const std::vector<std::string> files = files_in(folder);
  return std::any_of(files.begin(), files.end(),
                     [&](const std::string& name) { return is_text(folder + "/" + name); });
}

FoundFiles find(const DataRequest& request) {
  const std::string place = own_place(request, true);
  std::error_code none;
  if (std::filesystem::is_regular_file(place, none))
    return {0, std::filesystem::path(place).parent_path().string(), {place}};
  // Without it the run would train or be tested on other text.
  refuse_not_files(request.name, place, not_texts_in(place),
                   [](const std::string& name) { return said_part(name).has_value(); });
  FoundFiles found{0, place, {}};
  for (const std::string& name : files_in(place)) found.files.push_back(place + "/" + name);
  if (found.files.empty()) nothing_there(request, place, "files", has_text);
  return found;
}

/// Cuts the last `share` of a text off, at the end of a line where there is one, else of a word.
Text cut_off(Text& text, double share, const std::string& place) {
  const auto wanted = static_cast<std::ptrdiff_t>(static_cast<double>(text.size()) * (1 - share));
  auto at = text.end();
  for (const std::uint8_t end : {std::uint8_t{'\n'}, std::uint8_t{' '}}) {
    at = std::find(text.begin() + wanted, text.end(), end);
    if (at != text.end() && at + 1 != text.end()) break;
  }
  if (at == text.end() || at + 1 == text.end())
    throw InputError("data set text: there is too little text in " + place +
                     " to hold out a tenth of it for validation and test; add text, or files with valid and "
                     "test in their names");
  Text rest(at + 1, text.end());
  text.erase(at + 1, text.end());
  return rest;
}

TextParts texts(const DataRequest& request, const FoundFiles& found, const WorkHooks& hooks) {
  TextParts parts;
  const bool single = found.files.size() == 1;
  for (const std::string& file : found.files) {
    const Part part = single ? Part::train : part_of(std::filesystem::path(file).filename().string());
    Text& into = part == Part::train ? parts.train : part == Part::test ? parts.test : parts.validation;
    if (!into.empty() && into.back() != '\n') into.push_back('\n');
    const Text text = read_text(file, hooks);
    into.insert(into.end(), text.begin(), text.end());
  }
  if (parts.train.empty())
    throw InputError(
        "data set text: no file in " + found.folder +
        " is for training; name one as train.txt, or give the files names without valid and test");
  constexpr double twentieth = 0.05;
  if (parts.test.empty()) {
    parts.test = cut_off(parts.train, twentieth, found.folder);
    parts.note = "the last twentieth of the text is the test text";
  }
  if (parts.validation.empty()) {
    parts.validation = cut_off(parts.train, twentieth, found.folder);
    parts.note += std::string(parts.note.empty() ? "" : ", ") + "the twentieth before it validation";
  }
  std::error_code none;
  if (!std::filesystem::is_regular_file(own_place(request, true), none))
    if (const std::string note = not_files_note(not_texts_in(found.folder)); !note.empty())
      parts.note += (parts.note.empty() ? "" : "; ") + note;
  return parts;
}

}  // namespace

DataDescriptor describe_data_text() {
  return {.key = "text",
          .name = "Own text",
          .help = "Text of your own, any UTF-8 files, for language models",
          .channels = 0,
          .height = 0,
          .width = 0,
          .classes = 0,
          .how_to_get =
              "set data.dir to a UTF-8 file, or to a folder of them; names with train, valid and test say "
              "which is which, else the last tenth is held out",
          .text = true,
          .own = true};
}

DataSet data_set_text() {
  return {.find = find, .texts = texts, .takes_long = true};
}

}  // namespace grapevine
