// A table of curves as other programs write it: of several encodings and separators, with names as people
// write them. Any thread may call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace grapevine {

/// Lines of fields under a line of names; messages name file, line and column.
class CurveTable {
 public:
  /// Throws InputError for what is not a table, saying what it is, for a column given twice, and for a
  /// line that has another number of fields.
  CurveTable(std::string path, const std::string& content);

  const std::string& path() const { return path_; }
  /// The file's name without its ending.
  std::string name() const;
  std::size_t lines() const { return lines_.size(); }
  /// "Test accuracy" is named test_accuracy here.
  const std::vector<std::string>& names() const { return names_; }
  bool has_column(const std::string& name) const { return place(name) < names_.size(); }
  /// Its number, or names().size().
  std::size_t place(const std::string& name) const;
  /// "columns epoch, loss, separated by commas".
  std::string words() const;

  /// "" where there is no such column.
  std::string field(std::size_t line, const std::string& name) const;
  const std::string& field(std::size_t line, std::size_t column) const { return lines_[line][column]; }
  /// Empty, nan and inf are values that are not numbers.
  std::optional<double> value(std::size_t line, std::size_t column) const;
  std::int64_t whole(std::size_t line, const std::string& name) const;
  double number_or_zero(std::size_t line, const std::string& name) const;

  /// The number that a line has in the file.
  std::size_t number(std::size_t line) const { return numbers_[line]; }
  [[noreturn]] void refuse(std::size_t line, const std::string& what) const;

 private:
  void take_names(std::vector<std::string> given);
  void drop_column(std::size_t column);

  std::string path_;
  char separator_ = ',';
  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> lines_;
  std::vector<std::size_t> numbers_;
};

/// A name as the program writes it: "Test accuracy", "test/accuracy" and "Test-Accuracy" are test_accuracy.
std::string plain_name(const std::string& given);

}  // namespace grapevine
