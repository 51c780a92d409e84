// The module round sentencepiece: a library of its own, opened by bpe_loader.cpp.
#include <sentencepiece_processor.h>

#include <exception>
#include <new>

#include "engine/data/bpe.h"

namespace grapevine {
namespace {

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
  try {
    if (encoding->load(model)) return encoding;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {  // sentencepiece's search trees refuse some pieces in their own way
  }
  return nullptr;
}

}  // namespace
}  // namespace grapevine

extern "C" __attribute__((visibility("default"))) const grapevine::EncodingModule* grapevine_encoding() {
  static const grapevine::EncodingModule api{grapevine::open};
  return &api;
}
