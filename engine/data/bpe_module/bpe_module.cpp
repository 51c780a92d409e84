// The module round sentencepiece: a library of its own, opened by bpe_loader.cpp.
#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include "engine/data/bpe.h"

namespace grapevine {
namespace {

/// The counted words as the trainer reads them: a word, a tab, its count.
class Lines : public sentencepiece::SentenceIterator {
 public:
  explicit Lines(const WordCounts& words) : words_(words) { show(); }
  bool done() const override { return at_ >= words_.size(); }
  void Next() override {
    ++at_;
    show();
  }
  const std::string& value() const override { return line_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  void show() {
    if (at_ < words_.size()) line_ = words_[at_].first + "\t" + std::to_string(words_[at_].second);
  }
  const WordCounts& words_;
  std::size_t at_ = 0;
  std::string line_;
};

std::string train(const WordCounts& words, int vocabulary, std::string& model) {
  Lines lines(words);
  const std::unordered_map<std::string, std::string> how = {
      {"input_format", "tsv"},
      {"model_type", "bpe"},
      {"vocab_size", std::to_string(vocabulary)},
      {"hard_vocab_limit", "false"},  // a small text has fewer
      {"normalization_rule_name", "identity"},
      {"byte_fallback", "true"},
      {"max_sentence_length", "1000000000"},
      {"num_threads", "1"},
      {"unk_id", std::to_string(Encoding::unknown_id)},
      {"eos_id", std::to_string(Encoding::end_of_line_id)},
      {"eos_piece", "<eos>"},
      {"bos_id", "-1"},
      {"pad_id", "-1"},
      {"minloglevel", "3"},
  };
  const auto status = sentencepiece::SentencePieceTrainer::Train(how, &lines, &model);
  return status.ok() ? "" : status.ToString();
}

class PieceEncoding : public Encoding {
 public:
  bool load(const std::string& model) { return pieces_.LoadFromSerializedProto(model).ok(); }
  int vocabulary() const override { return pieces_.GetPieceSize(); }
  void encode(const std::string& word, std::vector<std::int32_t>& ids) const override {
    if (word == "<unk>") return ids.push_back(unknown_id);
    std::vector<int> found;
    pieces_.Encode(word, &found).IgnoreError();
    ids.insert(ids.end(), found.begin(), found.end());
  }
  std::string piece(std::int32_t id) const override { return pieces_.IdToPiece(id); }
  std::string decode(const std::vector<std::int32_t>& ids) const override {
    std::string text;
    pieces_.Decode(ids, &text).IgnoreError();
    return text;
  }

 private:
  sentencepiece::SentencePieceProcessor pieces_;
};

std::unique_ptr<Encoding> open(const std::string& model) {
  auto encoding = std::make_unique<PieceEncoding>();
  if (!encoding->load(model)) return nullptr;
  return encoding;
}

}  // namespace
}  // namespace grapevine

extern "C" __attribute__((visibility("default"))) const grapevine::EncodingModule* grapevine_encoding() {
  static const grapevine::EncodingModule api{grapevine::train, grapevine::open};
  return &api;
}
