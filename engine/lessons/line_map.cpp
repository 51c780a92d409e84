#include "engine/lessons/line_map.h"

#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "engine/error.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

/// Characters of a document, counting lines as the parser takes them.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, int* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  int* line_;
};

/// Follows the parser and writes down where it is when a value begins (a container), or has just ended.
class Recorder : public Json::json_sax_t {
 public:
  explicit Recorder(const int& line) : line_(line) {}
  LineMap take() { return std::move(lines_); }

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t&) override { return value(); }
  bool binary(binary_t&) override { return value(); }
  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    levels_.back().key = name;
    if (!levels_.back().keys.insert(name).second)
      throw InputError("line " + std::to_string(line_) + ": the key \"" + name +
                       "\" appears twice in one object; keep one of the two");
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  struct Level {
    bool is_array = false;
    std::size_t index = 0;
    std::string key;
    std::string path;
    std::set<std::string> keys;
  };
  std::string path_here() const {
    if (levels_.empty()) return "";
    const Level& level = levels_.back();
    return level.path + "/" + (level.is_array ? std::to_string(level.index) : level.key);
  }
  bool value() {
    lines_.emplace(path_here(), line_);
    advance();
    return true;
  }
  bool open(bool is_array) {
    const std::string path = path_here();
    lines_.emplace(path, line_);
    levels_.push_back({is_array, 0, "", path, {}});
    return true;
  }
  bool close() {
    levels_.pop_back();
    advance();
    return true;
  }
  void advance() {
    if (!levels_.empty()) ++levels_.back().index;
  }

  const int& line_;
  LineMap lines_;
  std::vector<Level> levels_;
};

}  // namespace

LineMap lines_of(std::string_view document) {
  int line = 1;
  Recorder recorder(line);
  Json::sax_parse(CountingIterator(document.data(), &line),
                  CountingIterator(document.data() + document.size(), &line), &recorder,
                  nlohmann::detail::input_format_t::json, true, /*ignore_comments=*/true);
  return recorder.take();
}

}  // namespace grapevine
