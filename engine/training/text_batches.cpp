#include "engine/training/text_batches.h"

#include <algorithm>

namespace grapevine {

TextBatches::TextBatches(const Experiment& experiment, const at::TensorOptions& options,
                         const WorkHooks& hooks)
    : Batches(experiment, options), context_(experiment.integer("data.context")) {
  DataRequest request;
  request.name = experiment.text("data.name");
  request.dir = experiment.text("data.dir");
  request.train_limit = experiment.integer("data.train_limit");
  request.test_limit = experiment.integer("data.test_limit");
  request.vocabulary = static_cast<int>(experiment.integer("data.vocabulary"));
  data_ = load_text(request, hooks);
  for (const auto& [what, set] : {std::pair<const char*, const TextSet*>{"training text: ", &data_.train},
                                  {"validation text: ", &data_.validation},
                                  {"test text: ", &data_.test}})
    if (!set->note.empty()) notes_.push_back(what + set->note);
  arrange(experiment, pieces(data_.train), pieces(data_.validation), pieces(data_.test));
}

// The last token of a piece asks for the first of the next: one token more than the pieces hold is needed.
std::int64_t TextBatches::pieces(const TextSet& text) const {
  const auto tokens = static_cast<std::int64_t>(text.tokens.size());
  return tokens > 1 ? (tokens - 1) / context_ : 0;
}

const TextSet& TextBatches::text(Part part) const {
  return part == Part::train ? data_.train : part == Part::test ? data_.test : data_.validation;
}

std::int64_t TextBatches::test_slice() const {
  return std::max<std::int64_t>(1, 8192 / context_);
}

double TextBatches::tokens_per_word(bool of_test) const {
  const TextSet& set = of_test ? data_.test : data_.validation;
  return set.words > 0 ? static_cast<double>(set.tokens.size()) / static_cast<double>(set.words) : 0;
}

void TextBatches::fill(Part part, const std::int64_t* rows, std::int64_t count, Batch& out,
                       const RandomKey*) const {
  const bool on_host = options_.device().is_cpu();
  const at::TensorOptions host = at::TensorOptions().dtype(at::kLong).pinned_memory(!on_host);
  const bool fits = on_host && out.x.defined() && out.x.size(0) == count;
  const at::Tensor x = fits ? out.x : at::empty({count, context_}, host);
  const at::Tensor y = fits ? out.y : at::empty({count * context_}, host);
  std::int64_t* px = x.data_ptr<std::int64_t>();
  std::int64_t* py = y.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int32_t* from = text(part).tokens.data() + rows[i] * context_;
    std::copy(from, from + context_, px + i * context_);
    std::copy(from + 1, from + 1 + context_, py + i * context_);
  }
  out.x = on_host ? x : x.to(options_.device(), /*non_blocking=*/true);
  out.y = on_host ? y : y.to(options_.device(), /*non_blocking=*/true);
}

}  // namespace grapevine
