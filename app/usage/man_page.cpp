// Text to troff's man macros.
#include "app/usage/man_page.h"

#include <algorithm>

namespace grapevine {
namespace {

/// A hyphen of an option's name is a minus, so that it can be copied from the page.
std::string escaped(const std::string& line) {
  std::string text;
  bool in_option = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool begins_word = i == 0 || line[i - 1] == ' ' || line[i - 1] == '(' || line[i - 1] == '[';
    if (begins_word) in_option = c == '-';
    if (c == '\\')
      text += "\\e";
    else if (c == '-' && in_option)
      text += "\\-";
    else
      text += c;
  }
  if (!text.empty() && (text[0] == '.' || text[0] == '\'')) text.insert(0, "\\&");
  return text;
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

}  // namespace

ManSection::ManSection(const std::string& heading) : troff_(".SH " + escaped(upper(heading)) + "\n") {}

ManSection& ManSection::paragraph(const std::string& text) {
  for (const std::string& line : split_lines(text)) troff_ += ".PP\n" + escaped(line) + "\n";
  return *this;
}

ManSection& ManSection::entry(const std::string& term, const std::string& takes, const std::string& text) {
  troff_ += ".TP\n\\fB" + escaped(term) + "\\fR" + (takes.empty() ? "" : " " + escaped(takes)) + "\n";
  const std::vector<std::string> lines = split_lines(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) troff_ += ".br\n";
    troff_ += escaped(lines[i]) + "\n";
  }
  return *this;
}

ManSection& ManSection::parameters(const Usage& usage, bool options_only) {
  for (const Parameter& parameter : usage.parameters()) {
    if (parameter.hidden || (options_only && !parameter.is_option())) continue;
    std::string names;
    for (const std::string& name : parameter.names()) names += (names.empty() ? "" : ", ") + name;
    entry(names, parameter.is_option() ? parameter.value : "", parameter.full_help());
  }
  return *this;
}

ManSection& ManSection::begin_nested() {
  troff_ += ".RS\n";
  return *this;
}

ManSection& ManSection::end_nested() {
  troff_ += ".RE\n";
  return *this;
}

ManSection& ManSection::lines(const std::vector<std::string>& literal) {
  troff_ += ".PP\n.nf\n";
  for (const std::string& line : literal) troff_ += escaped(line) + "\n";
  troff_ += ".fi\n";
  return *this;
}

std::string man_page(const std::string& program, const std::string& summary, const std::string& synopsis,
                     const std::vector<ManSection>& sections) {
  std::string name;
  for (const char c : program) name += c == '-' ? std::string("\\-") : std::string(1, c);
  std::string page = ".TH " + upper(name) + " 1 \"\" \"Grapevine " GRAPEVINE_VERSION "\" \"User Commands\"\n";
  page += ".ad l\n";  // options and paths are long words, which no line can be filled evenly with
  page += ".SH NAME\n" + name + " \\- " + escaped(summary) + "\n";
  page += ".SH SYNOPSIS\n\\fB" + name + "\\fR " + escaped(synopsis) + "\n";
  for (const ManSection& section : sections) page += section.troff();
  return page;
}

}  // namespace grapevine
