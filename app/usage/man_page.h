// Man pages from the descriptions that the parser uses. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/usage/usage.h"

namespace grapevine {

/// A section of a man page, put together from plain text: what troff would take for its own is escaped.
class ManSection {
 public:
  explicit ManSection(const std::string& heading);
  /// Paragraphs; a line break in `text` begins a new one.
  ManSection& paragraph(const std::string& text);
  /// A term in bold, what it takes in plain, and its explanation below, indented.
  ManSection& entry(const std::string& term, const std::string& takes, const std::string& text);
  /// Options and arguments, an entry each.
  ManSection& parameters(const Usage& usage, bool options_only);
  /// What follows belongs to the entry before, one level deeper, until end_nested().
  ManSection& begin_nested();
  ManSection& end_nested();
  /// Lines as they are.
  ManSection& lines(const std::vector<std::string>& literal);
  const std::string& troff() const { return troff_; }

 private:
  std::string troff_;
};

/// A whole page of section 1. The heading carries no date: the same sources make the same page.
std::string man_page(const std::string& program, const std::string& summary, const std::string& synopsis,
                     const std::vector<ManSection>& sections);

}  // namespace grapevine
