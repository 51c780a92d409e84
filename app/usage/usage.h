// What a program, or one of its commands, takes on the command line, described once: the parser, the help
// text, the man page and what a shell completes are made from it. Plain data; main thread.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace grapevine {

/// What a shell may complete a value with.
enum class Completes {
  nothing,
  file,
  folder,
  run,
  rule,
  setting,
  run_key,
  experiment,
  preset,
  sweep,
  data_set,
  lesson,
  paper_table
};

/// One of the words that a parameter takes.
struct Word {
  std::string name;
  std::string takes;  ///< what is after it: "FILE", "" = nothing
  std::string help;
};

/// An option (its name begins with a dash) or an argument that is known by its place.
struct Parameter {
  /// Where the value goes. A flag is a bool; a list takes every value that is given, all others the last one.
  using Target =
      std::variant<bool*, int*, std::string*, std::optional<std::string>*, std::vector<std::string>*>;

  std::string name;  ///< "-o,--output", "ID"
  Target target;
  std::string help;
  std::string value;  ///< the value's placeholder in texts: "FILE"
  Completes completes = Completes::nothing;
  std::vector<Word> words;  ///< explained one by one; the command refuses others with its own sentence
  std::optional<std::pair<int, int>> range;
  bool required = false;
  bool splits_at_commas = false;
  bool hidden = false;   ///< accepted, and shown nowhere
  std::string not_with;  ///< an option that excludes this one

  Parameter& shown_as(std::string placeholder, Completes by = Completes::nothing);
  Parameter& completed_by(Completes by);
  Parameter& one_of(std::vector<Word> choices);
  Parameter& between(int low, int high);
  Parameter& must_be_given();
  Parameter& separated_by_commas();
  Parameter& excluding(std::string other);

  bool is_option() const { return name.starts_with('-'); }
  bool is_flag() const { return std::holds_alternative<bool*>(target); }
  bool is_list() const { return std::holds_alternative<std::vector<std::string>*>(target); }
  /// "-o" and "--output", the short one first; of an argument its name.
  std::vector<std::string> names() const;
  /// The help with its words, a line each.
  std::string full_help() const;
};

/// The parameters of one program or command, in the order of the help text.
class Usage {
 public:
  /// The reference stays valid: add_argument(…).must_be_given().
  Parameter& add(std::string name, Parameter::Target target, std::string help);
  const std::deque<Parameter>& parameters() const { return parameters_; }
  /// "ID [-o FILE]": the arguments, then the options that `with_options` adds.
  std::string synopsis(bool with_options) const;

 private:
  std::deque<Parameter> parameters_;
};

}  // namespace grapevine
