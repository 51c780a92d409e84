// A word of a vocabulary that grows from version to version. Below the borders it is an enumerator; at the
// borders (database, files, tables, messages) it is text. What another version wrote survives reading: it is
// `other` here, and is written and shown as it came. Plain values; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace grapevine {

/// `Kind` is an enum class whose last enumerator is `other`; vocabulary(Kind) gives the words of those before
/// it, in their order.
template <class Kind>
class OpenWord {
 public:
  OpenWord() : OpenWord(Kind{}) {}
  OpenWord(Kind kind) : kind_(kind) {
    if (kind != Kind::other) text_ = vocabulary(Kind{})[static_cast<std::size_t>(kind)];
  }
  /// From text, at a border.
  static OpenWord read(std::string_view text) {
    OpenWord word(Kind::other);
    word.text_ = text;
    const std::span<const char* const> words = vocabulary(Kind{});
    for (std::size_t i = 0; i < words.size(); ++i)
      if (words[i] == text) word.kind_ = static_cast<Kind>(i);
    return word;
  }

  Kind kind() const { return kind_; }
  /// For a border.
  const std::string& text() const { return text_; }

  bool operator==(const OpenWord& word) const = default;
  bool operator==(Kind kind) const { return kind_ == kind; }
  bool operator==(std::string_view) const = delete;  ///< sentences and words are not what decisions hang on
  bool operator==(const char*) const = delete;

 private:
  Kind kind_;
  std::string text_;
};

}  // namespace grapevine
