// Aligning columns by what they take on the screen, not by bytes.
#include "app/cli/table.h"

#include <algorithm>

#include "app/cli/console.h"

namespace grapevine::cli {

Table::Table(std::vector<std::string> headings, std::vector<Align> alignment)
    : headings_(std::move(headings)), alignment_(std::move(alignment)) {
  alignment_.resize(headings_.size(), Align::left);
}

void Table::add(std::vector<std::string> cells) {
  cells.resize(headings_.size());
  for (std::string& cell : cells) cell = clean(cell);
  rows_.push_back(std::move(cells));
}

std::vector<std::vector<std::string>> Table::rows() const {
  std::vector<std::vector<std::string>> kept(1 + rows_.size());
  for (std::size_t column = 0; column < headings_.size(); ++column) {
    const auto has_text = [column](const auto& row) { return !row[column].empty(); };
    if (!rows_.empty() && std::none_of(rows_.begin(), rows_.end(), has_text)) continue;
    kept.front().push_back(headings_[column]);
    for (std::size_t row = 0; row < rows_.size(); ++row) kept[row + 1].push_back(rows_[row][column]);
  }
  return kept;
}

std::string Table::text(int indent) const {
  std::vector<int> widths(headings_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    if (widths[i] > 0 || rows_.empty()) widths[i] = std::max(widths[i], display_width(headings_[i]));
  }
  std::string text;
  const auto put = [&](const std::vector<std::string>& cells) {
    std::string line(static_cast<std::size_t>(indent), ' ');
    bool first = true;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (widths[i] == 0) continue;
      if (!first) line += "  ";
      first = false;
      const std::string gap(static_cast<std::size_t>(std::max(0, widths[i] - display_width(cells[i]))), ' ');
      line += alignment_[i] == Align::right ? gap + cells[i] : cells[i] + gap;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  if (std::any_of(headings_.begin(), headings_.end(), [](const auto& heading) { return !heading.empty(); })) {
    put(headings_);
  }
  for (const auto& row : rows_) put(row);
  return text;
}

std::vector<std::string> wrapped(const std::string& text, int width) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.push_back(line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
    at = end + 1;
  }
  if (!line.empty() || lines.empty()) lines.push_back(line);
  return lines;
}

}  // namespace grapevine::cli
