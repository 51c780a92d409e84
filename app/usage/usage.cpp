// Setters of a description, and the texts that follow from it.
#include "app/usage/usage.h"

#include <algorithm>

namespace grapevine {

Parameter& Parameter::shown_as(std::string placeholder, Completes by) {
  value = std::move(placeholder);
  return completed_by(by);
}

Parameter& Parameter::completed_by(Completes by) {
  completes = by;
  return *this;
}

Parameter& Parameter::one_of(std::vector<Word> choices) {
  words = std::move(choices);
  return *this;
}

Parameter& Parameter::between(int low, int high) {
  range = {low, high};
  return *this;
}

Parameter& Parameter::must_be_given() {
  required = true;
  return *this;
}

Parameter& Parameter::separated_by_commas() {
  splits_at_commas = true;
  return *this;
}

Parameter& Parameter::excluding(std::string other) {
  not_with = std::move(other);
  return *this;
}

std::vector<std::string> Parameter::names() const {
  std::vector<std::string> all;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find(',', begin), name.size());
    all.push_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return all;
}

std::string Parameter::full_help() const {
  std::string text = help;
  for (const Word& word : words) {
    text += (text.empty() ? "" : "\n") + word.name + (word.takes.empty() ? "" : " " + word.takes) + ": " +
            word.help;
  }
  return text;
}

Parameter& Usage::add(std::string name, Parameter::Target target, std::string help) {
  Parameter& added = parameters_.emplace_back();
  added.name = std::move(name);
  added.target = target;
  added.help = std::move(help);
  return added;
}

std::string Usage::synopsis(bool with_options) const {
  std::string text;
  for (const Parameter& parameter : parameters_) {
    if (parameter.hidden || (parameter.is_option() && !with_options)) continue;
    std::string one = parameter.is_option() ? parameter.names().back() : parameter.name;
    if (parameter.is_option() && !parameter.is_flag()) one += " " + parameter.value;
    if (parameter.is_list() && !parameter.splits_at_commas) one += "…";
    text += (text.empty() ? "" : " ") + (parameter.required ? one : "[" + one + "]");
  }
  return text;
}

}  // namespace grapevine
