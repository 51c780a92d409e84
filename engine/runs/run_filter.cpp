// A recursive descent, and its tree asked.
#include "engine/runs/run_filter.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "engine/error.h"
#include "engine/experiment/number_hint.h"

namespace grapevine {

struct RunFilter::Node {
  enum class Kind { comparison, all, any, no };
  Kind kind = Kind::comparison;
  std::vector<std::shared_ptr<const Node>> parts;
  std::size_t key = 0;  ///< in keys()
  bool is_tags = false;
  std::string operation, value;
};

namespace {

using Node = RunFilter::Node;
using Part = std::shared_ptr<const Node>;

constexpr std::string_view operations[] = {"!=", "<=", ">=", "==", "=", "<", ">", "~"};
constexpr int deepest = 100;

struct Token {
  enum class Kind { word, quoted, operation, open, close, end };
  Kind kind = Kind::end;
  std::string text;
  std::size_t at = 0;
};

[[noreturn]] void refuse(std::size_t at, const std::string& what) {
  throw InputError("the filter is not valid at character " + std::to_string(at + 1) + ": " + what +
                   "; for example: rule=grape and best_test_accuracy>0.8");
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
  return out;
}

Token quoted(std::string_view text, std::size_t at) {
  Token token{Token::Kind::quoted, "", at};
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] != text[at]) {
      token.text += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == text[at]) {
      token.text += text[i++];
    } else {
      return token;
    }
  }
  refuse(at, "the quote is not closed");
}

std::size_t end_of(const Token& token, std::string_view text) {
  if (token.kind != Token::Kind::quoted) return token.at + token.text.size();
  const auto doubled = std::count(token.text.begin(), token.text.end(), text[token.at]);
  return token.at + token.text.size() + static_cast<std::size_t>(doubled) + 2;
}

Token token_at(std::string_view text, std::size_t at) {
  while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at]))) ++at;
  if (at == text.size()) return {Token::Kind::end, "", at};
  if (text[at] == '(') return {Token::Kind::open, "(", at};
  if (text[at] == ')') return {Token::Kind::close, ")", at};
  if (text[at] == '"' || text[at] == '\'') return quoted(text, at);
  for (const std::string_view operation : operations)
    if (text.substr(at).starts_with(operation)) return {Token::Kind::operation, std::string(operation), at};
  std::size_t end = at;
  while (end < text.size() && !std::isspace(static_cast<unsigned char>(text[end])) &&
         std::string_view("()=<>~\"'").find(text[end]) == std::string_view::npos &&
         !text.substr(end).starts_with("!="))
    ++end;
  if (end == at) refuse(at, "'" + std::string(1, text[at]) + "' means nothing here");
  return {Token::Kind::word, std::string(text.substr(at, end - at)), at};
}

class Parser {
 public:
  Parser(std::string_view text, std::vector<RunKey>& keys) : text_(text), keys_(keys) { advance(); }

  Part whole() {
    Part part = any(0);
    if (token_.kind != Token::Kind::end) refuse(token_.at, "unexpected '" + token_.text + "'");
    return part;
  }

 private:
  void advance() { token_ = token_at(text_, token_.kind == Token::Kind::end ? 0 : end_of(token_, text_)); }
  bool is_word(const char* word) const {
    return token_.kind == Token::Kind::word && lower(token_.text) == word;
  }

  Part any(int depth) {
    std::vector<Part> parts{all(depth)};
    while (is_word("or")) {
      advance();
      parts.push_back(all(depth));
    }
    return joined(Node::Kind::any, std::move(parts));
  }

  Part all(int depth) {
    std::vector<Part> parts{negation(depth)};
    while (is_word("and") || begins_a_part()) {
      if (is_word("and")) advance();
      parts.push_back(negation(depth));
    }
    return joined(Node::Kind::all, std::move(parts));
  }

  bool begins_a_part() const {
    return token_.kind == Token::Kind::open || token_.kind == Token::Kind::quoted ||
           (token_.kind == Token::Kind::word && !is_word("or"));
  }

  Part negation(int depth) {
    if (depth > deepest) refuse(token_.at, "it is nested too deep");
    if (is_word("not")) {
      advance();
      return joined(Node::Kind::no, {negation(depth + 1)});
    }
    if (token_.kind == Token::Kind::open) {
      advance();
      Part part = any(depth + 1);
      if (token_.kind != Token::Kind::close) refuse(token_.at, "a ) is missing");
      advance();
      return part;
    }
    return comparison();
  }

  Part comparison() {
    const Token first = token_;
    if (first.kind != Token::Kind::word && first.kind != Token::Kind::quoted)
      refuse(first.at, first.kind == Token::Kind::end ? "something has to follow"
                                                      : "a key has to come before '" + first.text + "'");
    advance();
    if (token_.kind != Token::Kind::operation) return leaf(parse_run_key("text"), "~", first.text);
    // Who comes from another language writes two.
    const std::string operation = token_.text == "==" ? "=" : token_.text;
    const RunKey key = parse_run_key(first.text);
    advance();
    if (token_.kind != Token::Kind::word && token_.kind != Token::Kind::quoted)
      refuse(token_.at, "a value has to follow '" + first.text + operation + "'");
    if (operation != "~" && holds_numbers(key)) check_number(first.text, token_);
    const std::string value = token_.text;
    advance();
    return leaf(key, operation, value);
  }

  /// A word would match no run, silently.
  static void check_number(const std::string& key, const Token& value) {
    double number = 0;
    if (read_number(value.text, number)) return;
    const std::string hint = number_hint(value.text);
    refuse(value.at,
           key + " is a number, and '" + value.text + "' is not one" + (hint.empty() ? "" : ": " + hint));
  }

  Part leaf(const RunKey& key, const std::string& operation, const std::string& value) {
    auto node = std::make_shared<Node>();
    const auto known = std::find(keys_.begin(), keys_.end(), key);
    node->key = static_cast<std::size_t>(known - keys_.begin());
    if (known == keys_.end()) keys_.push_back(key);
    node->is_tags = key.kind == RunKey::Kind::column && key.name == "tags";
    node->operation = operation;
    node->value = operation == "~" ? lower(value) : value;
    return node;
  }

  static Part joined(Node::Kind kind, std::vector<Part> parts) {
    if (kind != Node::Kind::no && parts.size() == 1) return parts.front();
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->parts = std::move(parts);
    return node;
  }

  std::string_view text_;
  std::vector<RunKey>& keys_;
  Token token_;
};

bool equals(const Node& node, const RunCell& cell) {
  if (node.is_tags) {
    const std::vector<std::string> tags = tags_in(to_text(cell));
    return std::find(tags.begin(), tags.end(), node.value) != tags.end();
  }
  double asked = 0, own = 0;
  if (read_number(node.value, asked) && read_number(to_text(cell), own)) return own == asked;
  return !is_empty(cell) && to_text(cell) == node.value;
}

/// The run's own value against the asked one: below, at or above 0. Nothing where only one is a number.
std::optional<int> order(const Node& node, const RunCell& cell) {
  double asked = 0, own = 0;
  const std::string text = to_text(cell);
  const bool asked_number = read_number(node.value, asked), own_number = read_number(text, own);
  if (asked_number != own_number) return std::nullopt;
  if (!asked_number) return text.compare(node.value);
  return own < asked ? -1 : own > asked ? 1 : 0;
}

bool fits(const Node& node, const RunCell& cell) {
  if (node.operation == "!=") return !equals(node, cell);
  if (is_empty(cell)) return false;
  if (node.operation == "=") return equals(node, cell);
  if (node.operation == "~") return lower(to_text(cell)).find(node.value) != std::string::npos;
  const std::optional<int> place = order(node, cell);
  if (!place) return false;
  if (*place == 0) return node.operation.size() == 2;  // <= and >=
  return (*place < 0) == (node.operation[0] == '<');
}

bool accepts_node(const Node& node, const std::function<RunCell(std::size_t)>& cell) {
  const auto accepted = [&](const Part& part) { return accepts_node(*part, cell); };
  switch (node.kind) {
    case Node::Kind::comparison:
      return fits(node, cell(node.key));
    case Node::Kind::all:
      return std::all_of(node.parts.begin(), node.parts.end(), accepted);
    case Node::Kind::any:
      return std::any_of(node.parts.begin(), node.parts.end(), accepted);
    case Node::Kind::no:
      return !accepted(node.parts.front());
  }
  return false;
}

}  // namespace

RunFilter RunFilter::parse(std::string_view text) {
  RunFilter filter;
  if (text.find_first_not_of(" \t\n\r") == std::string_view::npos) return filter;
  filter.root_ = Parser(text, filter.keys_).whole();
  return filter;
}

bool RunFilter::accepts(std::span<const RunCell> cells) const {
  return accepts_asking([&](std::size_t key) { return key < cells.size() ? cells[key] : RunCell(); });
}

bool RunFilter::accepts_asking(const std::function<RunCell(std::size_t key)>& cell) const {
  return !root_ || accepts_node(*root_, cell);
}

}  // namespace grapevine
