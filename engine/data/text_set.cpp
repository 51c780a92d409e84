// WikiText's layout: wiki.train.tokens, wiki.valid.tokens, wiki.test.tokens; one paragraph per line, words
// between blanks.
#include "engine/data/text_set.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "engine/data/bpe.h"
#include "engine/data/cache_file.h"
#include "engine/data/data_set.h"
#include "engine/data/files.h"
#include "engine/data/locate.h"
#include "engine/data/places.h"
#include "engine/data/sniff.h"
#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/utf8.h"
#include "engine/experiment/vocabulary.h"
#include "engine/files/memory.h"
#include "engine/session/notes.h"

namespace grapevine {
namespace {

using File = std::vector<std::uint8_t>;
// The encoding's library ends the program at some tens of thousands.
constexpr std::size_t longest_word = 10000;
// What is kept is the ids as 16 bits: most_vocabulary tokens fit.
using Id = std::uint16_t;
static_assert(most_vocabulary <= 65536);

std::string_view view(const File& file) {
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/// Calls `word(text)` for each word and `end(where)` for each line, in order.
template <class Word, class End>
void walk(std::string_view text, Word word, End end) {
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, length);
    for (std::size_t at = 0; at < line.size();) {
      while (at < line.size() && is_blank(line[at])) ++at;
      const std::size_t begin = at;
      while (at < line.size() && !is_blank(line[at])) ++at;
      if (at > begin) word(line.substr(begin, at - begin));
    }
    end(text.data() + length);
    text.remove_prefix(std::min(length + 1, text.size()));
  }
}

/// Says what is happening, and ends it where that is wanted.
void look_up(const WorkHooks& hooks, const WorkProgress& now) {
  hooks.tell(now);
  if (hooks.stopped()) throw WorkStopped{};
}

constexpr std::int64_t between_looks = 1 << 20;  // bytes

std::string name_of(const std::string& file) {
  return std::filesystem::path(file).filename().string();
}

/// The words of a text, the most frequent ones first, so that the encoding depends on nothing else.
WordCounts count_words(const File& file, const std::string& name, const WorkHooks& hooks) {
  std::unordered_map<std::string_view, std::int64_t> counts;
  std::int64_t looked = -between_looks;
  walk(
      view(file), [&](std::string_view word) { ++counts[word]; },
      [&](const char* at) {
        const std::int64_t done = at - view(file).data();
        if (done - looked < between_looks) return;
        looked = done;
        look_up(hooks, {"counting the words of", name, done, std::ssize(file)});
      });
  counts.erase("<unk>");  // it has a token of its own
  WordCounts words(counts.begin(), counts.end());
  std::sort(words.begin(), words.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return words;
}

/// Every word is encoded once: no token reaches across two.
std::vector<Id> encode(const File& file, const std::string& name, const Encoding& encoding,
                       const WorkHooks& hooks) {
  struct Span {
    std::size_t begin, end;
  };
  std::unordered_map<std::string_view, Span> known;
  std::vector<std::int32_t> pool;
  std::vector<Id> ids;
  std::int64_t looked = -between_looks;
  walk(
      view(file),
      [&](std::string_view word) {
        auto [found, is_new] = known.try_emplace(word, Span{pool.size(), 0});
        if (is_new) {
          encoding.encode(std::string(word), pool);
          found->second.end = pool.size();
        }
        for (std::size_t i = found->second.begin; i < found->second.end; ++i)
          ids.push_back(static_cast<Id>(pool[i]));
      },
      [&](const char* at) {
        ids.push_back(Encoding::end_of_line_id);
        const std::int64_t done = at - view(file).data();
        if (done - looked < between_looks) return;
        looked = done;
        look_up(hooks, {"encoding", name, done, std::ssize(file)});
      });
  return ids;
}

/// A published text: one file per part. One that is a web page would be learned as any other text.
TextParts parts_of(const std::vector<std::string>& files, const WorkHooks& hooks) {
  std::vector<File> texts;
  for (const std::string& file : files) {
    texts.push_back(read_text(file, hooks));
    if (const std::string what = what_it_is(texts.back()); !what.empty())
      throw InputError(file + ": offset 0: expected text" + in_its_place(texts.back()));
  }
  return {std::move(texts[0]), std::move(texts[1]), std::move(texts[2]), ""};
}

/// What is kept of a data set: the encoding, and each split under its content's name.
class Kept {
 public:
  Kept(const DataRequest& request, const std::string& name, const File& train, const WorkHooks& hooks)
      : hooks_(hooks),
        stem_(made_folder(request.name) + "/bpe-" + std::to_string(request.vocabulary) + "-" +
              content_key(train)) {
    const std::string path = stem_ + ".model";
    if (const auto model = read_cache_file(path)) encoding_ = open_encoding({model->begin(), model->end()});
    if (encoding_) return;
    const WordCounts words = count_words(train, name, hooks_);
    look_up(hooks_, {"learning the byte pairs of", name});
    const std::string model = train_encoding(words, request.vocabulary, hooks_);
    encoding_ = open_encoding(model);
    if (!encoding_) throw RunError("the byte-pair encoding that was made can't be read back");
    trouble_ = write_cache_file(path, model.data(), model.size());
  }
  const Encoding& encoding() const { return *encoding_; }
  /// Why nothing could be kept; "" when it could.
  const std::string& trouble() const { return trouble_; }

  std::vector<Id> split(const std::string& name, const File& file) {
    const std::string path = stem_ + "-" + content_key(file) + ".ids";
    if (auto ids = read_split(path)) return std::move(*ids);
    std::vector<Id> ids = encode(file, name, *encoding_, hooks_);
    const std::string trouble = write_cache_file(path, ids.data(), ids.size() * sizeof(Id));
    if (trouble_.empty()) trouble_ = trouble;
    return ids;
  }

 private:
  std::optional<std::vector<Id>> read_split(const std::string& path) const {
    const auto bytes = read_cache_file(path);
    if (!bytes || bytes->empty() || bytes->size() % sizeof(Id) != 0) return std::nullopt;
    std::vector<Id> ids(bytes->size() / sizeof(Id));
    std::memcpy(ids.data(), bytes->data(), bytes->size());
    const auto foreign = [&](Id id) { return id >= encoding_->vocabulary(); };
    if (std::any_of(ids.begin(), ids.end(), foreign)) return std::nullopt;
    return ids;
  }

  const WorkHooks& hooks_;
  std::string stem_, trouble_;
  std::unique_ptr<Encoding> encoding_;
};

/// By token: whether it begins a word, or is the end of a line, which counts as one.
std::vector<bool> counted_tokens(const Encoding& encoding) {
  std::vector<bool> counted(static_cast<std::size_t>(encoding.vocabulary()));
  for (std::size_t id = 0; id < counted.size(); ++id)
    counted[id] = encoding.piece(static_cast<std::int32_t>(id)).starts_with("\u2581");
  counted[Encoding::unknown_id] = counted[Encoding::end_of_line_id] = true;
  return counted;
}

TextSet make_set(const std::vector<Id>& ids, std::int64_t limit, const std::vector<bool>& counted,
                 std::int64_t published) {
  TextSet set;
  set.words = std::count_if(ids.begin(), ids.end(), [&](Id id) { return counted[id]; });
  if (set.words < published)
    set.note = with_separators(set.words) + " of " + with_separators(published) + " words: a slice";
  const auto count = static_cast<std::ptrdiff_t>(limit > 0 ? std::min<std::int64_t>(limit, std::ssize(ids))
                                                           : std::ssize(ids));
  set.tokens.assign(ids.begin(), ids.begin() + count);
  set.words = std::count_if(ids.begin(), ids.begin() + count, [&](Id id) { return counted[id]; });
  return set;
}

TextParts parts_of(const DataRequest& request, const FoundFiles& found, const WorkHooks& hooks) {
  const DataSet* set = find_data_set(request.name);
  return set && set->texts ? set->texts(request, found, hooks) : parts_of(found.files, hooks);
}

void add_note(std::string& notes, const std::string& note) {
  if (!note.empty()) notes += (notes.empty() ? "" : "; ") + note;
}

TextData loaded(const DataRequest& request, const DataDescriptor& about, const WorkHooks& hooks) {
  const FoundFiles found = find_data_files(request);
  const TextParts parts = parts_of(request, found, hooks);
  // Progress names files; own text has its parts from any number of them.
  const auto name = [&](std::size_t part, const char* word) {
    return about.own ? std::string(word) : name_of(found.files[part]);
  };
  Kept kept(request, name(0, "training text"), parts.train, hooks);
  const std::vector<bool> counted = counted_tokens(kept.encoding());
  TextData data;
  data.vocabulary = kept.encoding().vocabulary();
  data.train = make_set(kept.split(name(0, "training text"), parts.train), request.train_limit, counted,
                        about.train_count);
  data.validation = make_set(kept.split(name(1, "validation text"), parts.validation), request.test_limit,
                             counted, about.validation_count);
  data.test =
      make_set(kept.split(name(2, "test text"), parts.test), request.test_limit, counted, about.test_count);
  add_note(data.train.note, parts.note);
  if (!kept.trouble().empty())
    add_note(data.train.note, "the encoded text could not be kept in " + made_folder(request.name) + " (" +
                                  kept.trouble() + "), so that it will be made again each time");
  return data;
}

/// Is all of it UTF-8 without zero bytes, but for a character that is not whole yet? Looks from `known` on,
/// which then is where the next look begins.
bool is_text_from(std::string_view text, std::size_t& known) {
  constexpr std::size_t longest_character = 4;
  const std::string_view rest = text.substr(known);
  const std::size_t good = valid_utf8(rest);
  known += good;
  return rest.size() - good < longest_character && rest.find('\0') == std::string_view::npos;
}

/// Throws InputError that names the first byte which is not a text's; `mark` bytes are gone from the front.
void refuse_what_is_no_text(const std::string& file, const File& bytes, std::size_t mark) {
  const std::string_view text = view(bytes);
  const std::size_t good = valid_utf8(text), zero = std::min(text.find('\0'), text.size());
  const std::size_t wrong = std::min(good, zero);
  if (wrong == text.size()) return;
  std::string instead = in_its_place(bytes);
  if (const std::string encoding = other_encoding(text); instead.empty())
    instead = encoding.empty() ? "; the file is damaged or in another encoding"
                               : "; the text seems to be " + encoding + ": save it as UTF-8";
  throw InputError(file + ": offset " + std::to_string(mark + wrong) +
                   (zero < good ? ": a zero byte" : ": this byte is not part of a UTF-8 character") +
                   instead);
}

}  // namespace

File read_text(const std::string& file, const WorkHooks& hooks) {
  look_up(hooks, {"reading", name_of(file)});
  // A large file that isn't text is known by its first wrong byte, and no more of it is read.
  std::size_t known = 0;
  File bytes = read_file(file, 0, [&](const File& read) {
    if (hooks.stopped()) throw WorkStopped{};
    return !is_text_from(view(read), known);
  });
  if (bytes.empty()) throw InputError(file + ": offset 0: the file is empty; get it again");
  const std::size_t mark = view(bytes).starts_with("\xef\xbb\xbf") ? 3 : 0;  // UTF-8's byte-order mark
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(mark));
  const std::string_view text = view(bytes);
  refuse_what_is_no_text(file, bytes, mark);
  if (std::all_of(text.begin(), text.end(), [](char c) { return is_blank(c) || c == '\n'; }))
    throw InputError(file + ": offset 0: the file holds no words, only white space; get it again");
  std::int64_t looked = 0;
  walk(
      text,
      [&](std::string_view word) {
        if (word.size() <= longest_word) return;
        std::string why = "a word of " + std::to_string(word.size());
        why.append(" bytes; words are separated by blanks, and none may have more than ");
        throw InputError(file + ": offset " +
                         std::to_string(mark + static_cast<std::size_t>(word.data() - text.data())) + ": " +
                         why.append(std::to_string(longest_word)));
      },
      [&](const char* at) {
        const std::int64_t done = at - text.data();
        if (done - looked < between_looks) return;
        looked = done;
        look_up(hooks, {"reading", name_of(file), done, std::ssize(bytes)});
      });
  return bytes;
}

TextData load_text(const DataRequest& request, const WorkHooks& hooks) {
  const DataDescriptor* descriptor = find_data(request.name);
  if (!descriptor || !descriptor->text)
    throw InputError("data.name: '" + request.name + "' is not a text data set");
  return within_memory("the data set ", place_or_name(request),
                       [&] { return loaded(request, *descriptor, hooks); });
}

void check_text(const DataRequest& request, const WorkHooks& hooks) {
  within_memory("the data set ", place_or_name(request),
                [&] { parts_of(request, find_data_files(request), hooks); });
}

}  // namespace grapevine
