#include "engine/runs/curve_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "engine/error.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/number_hint.h"
#include "engine/experiment/shown.h"
#include "engine/experiment/utf8.h"
#include "engine/files/sqlite_file.h"
#include "engine/runs/csv.h"
#include "engine/runs/run_key.h"

namespace grapevine {
namespace {

struct Separator {
  char sign;
  const char* words;
};
constexpr std::array<Separator, 3> separators{{{',', "commas"}, {';', "semicolons"}, {'\t', "tabs"}}};

constexpr const char* blanks = " \t\r\n";

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(blanks), last = text.find_last_not_of(blanks);
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// What a file is that holds no table, and what to do with it; "" for a table.
std::string what_else(const std::string& path, const std::string& content) {
  if (content.substr(0, 128).find("brain.Event:") != std::string::npos)
    return "it is a TensorBoard event file; in TensorBoard, download each curve as CSV and import those";
  if (content.starts_with("\x1f\x8b")) return "it is packed (gzip); unpack it first";
  if (content.starts_with(sqlite_beginning)) return "it is a database, and no CSV";
  const std::size_t first = content.find_first_not_of(blanks);
  const char begin = first == std::string::npos ? '\0' : content[first];
  if (begin == '{' || (begin == '[' && content.find('{') != std::string::npos))
    return "it is JSON, and no CSV: an experiment is trained with grapevine-cli train " + path +
           "; of stored runs take in what export writes as run or csv";
  if (begin == '<') return "it is a web page or XML, and no CSV";
  if (other_encoding(content).starts_with("UTF"))  // those with a mark are converted before
    return "the text is " + other_encoding(content) + " without a byte-order mark; save it as UTF-8";
  const std::size_t good = valid_utf8(content), zero = content.find('\0');
  if (zero != std::string::npos && zero <= good)
    return "offset " + std::to_string(zero) + ": a zero byte; this is not text, so not CSV";
  if (good < content.size())
    return "offset " + std::to_string(good) + ": this byte is not UTF-8" +
           (other_encoding(content).empty()
                ? "; this is not text, so not CSV"
                : "; the text seems to be " + other_encoding(content) + ": save it as UTF-8");
  return "";
}

/// The sign that is most frequent in the line of names; a spreadsheet's line "sep=;" names it and is taken
/// away.
char take_separator(std::string& text) {
  const bool is_named = text.starts_with("sep=") &&
                        std::any_of(separators.begin(), separators.end(),
                                    [&](auto one) { return text.size() > 4 && text[4] == one.sign; });
  if (is_named) {
    const char named = text[4];
    text.erase(
        0, std::min(text.find('\n'), text.size()));  // the line's end stays, so that lines keep their numbers
    return named;
  }
  const std::string line =
      text.substr(0, text.find('\n', std::min(text.size(), text.find_first_not_of(blanks))));
  const auto* most = std::max_element(separators.begin(), separators.end(), [&](auto one, auto other) {
    return std::count(line.begin(), line.end(), one.sign) < std::count(line.begin(), line.end(), other.sign);
  });
  return most->sign;
}

/// Numbers 0, 1, 2, …: what data frames write before their columns, under no name.
bool is_index(const std::vector<std::vector<std::string>>& lines) {
  for (std::size_t line = 0; line < lines.size(); ++line)
    if (lines[line].empty() || lines[line][0] != std::to_string(line)) return false;
  return true;
}

}  // namespace

std::string plain_name(const std::string& given) {
  std::string name = in_lower_case(trimmed(given));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == ' ' || c == '-' || c == '/'; }, '_');
  return name;
}

CurveTable::CurveTable(std::string path, const std::string& content) : path_(std::move(path)) {
  std::string text = in_utf8(content);
  if (const std::string other = what_else(path_, text); !other.empty())
    throw InputError(path_ + ": " + other);
  separator_ = take_separator(text);
  try {
    lines_ = read_csv(text, separator_, &numbers_);
  } catch (const InputError& error) {
    throw InputError(path_ + ", " + error.what());
  }
  if (lines_.size() < 2)
    throw InputError(path_ + " holds no curves: a line of names and lines of numbers are needed");
  std::vector<std::string> names = std::move(lines_.front());
  lines_.erase(lines_.begin());
  const std::size_t line_of_names = numbers_.front();
  numbers_.erase(numbers_.begin());
  for (std::size_t line = 0; line < lines_.size(); ++line)
    if (lines_[line].size() != names.size())
      refuse(line, std::to_string(lines_[line].size()) +
                       (lines_[line].size() == 1 ? " field, where line " : " fields, where line ") +
                       std::to_string(line_of_names) + " has " + std::to_string(names.size()));
  take_names(std::move(names));
}

void CurveTable::drop_column(std::size_t column) {
  const auto at = static_cast<std::ptrdiff_t>(column);
  names_.erase(names_.begin() + at);
  for (auto& line : lines_) line.erase(line.begin() + at);
}

void CurveTable::take_names(std::vector<std::string> given) {
  for (const std::string& name : given) names_.push_back(plain_name(name));
  for (std::size_t column = names_.size(); column-- > 0;) {
    if (!names_[column].empty()) {
      const auto before =
          std::find(names_.begin(), names_.begin() + static_cast<std::ptrdiff_t>(column), names_[column]);
      if (before != names_.begin() + static_cast<std::ptrdiff_t>(column))
        throw InputError(path_ + ": the column '" + names_[column] + "' appears twice, as number " +
                         std::to_string(before - names_.begin() + 1) + " and " + std::to_string(column + 1) +
                         "; keep one of the two");
      continue;
    }
    const bool is_empty = std::all_of(lines_.begin(), lines_.end(),
                                      [&](const auto& line) { return trimmed(line[column]).empty(); });
    if (!is_empty && !(column == 0 && is_index(lines_)))
      throw InputError(path_ + ": column " + std::to_string(column + 1) +
                       " has values and no name; name its measure, as test_accuracy");
    drop_column(column);
  }
}

std::string CurveTable::name() const {
  return std::filesystem::path(path_).stem().string();
}

std::size_t CurveTable::place(const std::string& name) const {
  return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
}

std::string CurveTable::words() const {
  if (names_.size() == 1) return "the one column " + names_.front();
  std::string all;
  for (const std::string& name : names_) all += (all.empty() ? "columns " : ", ") + name;
  const auto* known = std::find_if(separators.begin(), separators.end(),
                                   [&](const Separator& one) { return one.sign == separator_; });
  return all + ", separated by " +
         (known == separators.end() ? "'" + std::string(1, separator_) + "'" : known->words);
}

std::string CurveTable::field(std::size_t line, const std::string& name) const {
  return has_column(name) ? lines_[line][place(name)] : "";
}

std::optional<double> CurveTable::value(std::size_t line, std::size_t column) const {
  std::string text = in_lower_case(trimmed(lines_[line][column]));
  // Where commas don't part fields they may be decimal points.
  if (separator_ != ',' && text.find('.') == std::string::npos &&
      std::count(text.begin(), text.end(), ',') == 1)
    text[text.find(',')] = '.';
  double number = 0;
  if (read_number(text, number)) return number;
  // What is too small for a number is the nearest one that there is; what is too large is none.
  const std::size_t sign = text.starts_with('+') ? 1 : 0;
  const auto [end, error] = std::from_chars(text.data() + sign, text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range && end == text.data() + text.size()) {
    const double nearest = std::strtod(text.c_str(), nullptr);
    return std::isfinite(nearest) ? std::optional(nearest) : std::nullopt;
  }
  for (const char* none : {"", "nan", "-nan", "inf", "-inf", "+inf", "infinity", "-infinity", "none", "null"})
    if (text == none) return std::nullopt;
  const std::string hint = number_hint(lines_[line][column]);
  refuse(line, "'" + shown(lines_[line][column]) + "' in the column '" + names_[column] +
                   "' is not a number" + (hint.empty() ? "" : ": " + hint));
}

std::int64_t CurveTable::whole(std::size_t line, const std::string& name) const {
  const std::optional<double> number = value(line, place(name));
  if (!number || *number < 0 || *number > 9e15 || *number != std::floor(*number))
    refuse(line,
           "'" + shown(field(line, name)) + "' in the column '" + name + "' is not a whole number from 0 on");
  return static_cast<std::int64_t>(*number);
}

double CurveTable::number_or_zero(std::size_t line, const std::string& name) const {
  return has_column(name) ? value(line, place(name)).value_or(0) : 0;
}

void CurveTable::refuse(std::size_t line, const std::string& what) const {
  throw InputError(path_ + ", line " + std::to_string(numbers_[line]) + ": " + what);
}

}  // namespace grapevine
