// A folder of small texts, and what is kept of them when they are read.
#pragma once

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "engine/data/bpe.h"
#include "engine/data/places.h"
#include "engine/data/text_set.h"
#include "tests/data/support.h"

namespace grapevine {

inline Bytes bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

inline const std::string article =
    " \n = Valkyria = \n \n the cat and the <unk> dog ran to the cat 's hat \n the other cat is on the mat "
    "\n";

/// A data folder, and a cache of its own for what is made of it.
struct Texts {
  Folder data, cache;
  DataRequest request;
  explicit Texts(const std::string& train = article, const std::string& test = " the cat sat \n") {
    use_data_dir(cache.root());
    data.write("wiki.train.tokens", bytes(train));
    data.write("wiki.valid.tokens", bytes(" = A = \n"));
    data.write("wiki.test.tokens", bytes(test));
    request.name = "wikitext2";
    request.dir = data.root();
    request.vocabulary = 320;
  }
  TextData load() const { return load_text(request); }
  std::string refused() const {
    return refusal([&] { load(); });
  }
  std::vector<std::filesystem::path> kept() const { return cache.files(); }
  std::unique_ptr<Encoding> encoding() const {
    for (const auto& file : kept()) {
      if (file.extension() != ".model") continue;
      std::ifstream in(file, std::ios::binary);
      std::string content((std::istreambuf_iterator<char>(in)), {});
      return open_encoding(content.substr(24));  // after the header
    }
    return nullptr;
  }
};

inline std::vector<std::string> decoded_lines(const std::vector<std::int32_t>& tokens,
                                              const Encoding& encoding) {
  std::vector<std::string> lines;
  std::vector<std::int32_t> line;
  for (const std::int32_t token : tokens) {
    if (token != Encoding::end_of_line_id) {
      line.push_back(token);
      continue;
    }
    lines.push_back(encoding.decode(line));
    line.clear();
  }
  return lines;
}

}  // namespace grapevine
