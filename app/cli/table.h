// Aligned tables of text. A value type; any thread.
#pragma once

#include <string>
#include <vector>

namespace grapevine::cli {

enum class Align { left, right };

class Table {
 public:
  /// One entry per column; headings may be empty.
  Table(std::vector<std::string> headings, std::vector<Align> alignment);
  /// Missing cells are empty. Control characters in cells are made harmless.
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  /// Lines with two spaces between columns, `indent` before each; no trailing spaces. Columns without any
  /// text vanish.
  std::string text(int indent = 0) const;
  /// The headings and below them the cells, for a table of another kind; columns without any text vanish.
  std::vector<std::vector<std::string>> rows() const;

 private:
  std::vector<std::string> headings_;
  std::vector<Align> alignment_;
  std::vector<std::vector<std::string>> rows_;
};

/// `text` broken at spaces into lines of at most `width` columns (a longer word stays whole).
std::vector<std::string> wrapped(const std::string& text, int width);

}  // namespace grapevine::cli
