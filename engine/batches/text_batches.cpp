#include "engine/batches/text_batches.h"

#include <algorithm>

#include "engine/data/data_digest.h"

namespace grapevine {

TextBatches::TextBatches(const BatchSettings& settings, const at::TensorOptions& options,
                         const WorkHooks& hooks)
    : Batches(settings, options), data_(load_text(request(), hooks)) {
  digest_ = digest_of(data_, hooks);
  for (const auto& [what, set] : {std::pair<const char*, const TextSet*>{"training text: ", &data_.train},
                                  {"validation text: ", &data_.validation},
                                  {"test text: ", &data_.test}})
    if (!set->note.empty()) notes_.push_back(what + set->note);
  arrange(pieces(data_.train), pieces(data_.validation), pieces(data_.test));
  if (!options.device().is_cpu()) keep_on(options.device());
}

// The last token of a piece asks for the first of the next: one token more than the pieces hold is needed.
std::int64_t TextBatches::pieces(const TextSet& text) const {
  const auto tokens = static_cast<std::int64_t>(text.tokens.size());
  return tokens > 1 ? (tokens - 1) / context() : 0;
}

const TextSet& TextBatches::text(Part part) const {
  return part == Part::train ? data_.train : part == Part::test ? data_.test : data_.validation;
}

std::int64_t TextBatches::test_slice() const {
  return std::max<std::int64_t>(1, 8192 / context());
}

double TextBatches::tokens_per_word(bool of_test) const {
  const TextSet& set = of_test ? data_.test : data_.validation;
  return set.words > 0 ? static_cast<double>(set.tokens.size()) / static_cast<double>(set.words) : 0;
}

void TextBatches::keep_on(at::Device device) {
  for (const auto& [set, there] : {std::pair<const TextSet*, at::Tensor*>{&data_.train, &train_there_},
                                   {&data_.validation, &validation_there_},
                                   {&data_.test, &test_there_}})
    *there = at::tensor(set->tokens, at::TensorOptions().dtype(at::kInt)).to(device);
}

const at::Tensor& TextBatches::there(Part part) const {
  return part == Part::train ? train_there_ : part == Part::test ? test_there_ : validation_there_;
}

void TextBatches::fill(Part part, const std::int64_t* rows, std::int64_t count, Batch& out,
                       const RandomKey*) const {
  if (const at::Tensor& tokens = there(part); tokens.defined())
    fill_there(tokens, rows, count, out);
  else
    fill_on_host(text(part), rows, count, out);
}

// Only the pieces' numbers travel.
void TextBatches::fill_there(const at::Tensor& tokens, const std::int64_t* rows, std::int64_t count,
                             Batch& out) const {
  const bool on_host = tokens.is_cpu();
  const at::Tensor numbers =
      at::empty({count, 1}, at::TensorOptions().dtype(at::kLong).pinned_memory(!on_host));
  std::copy(rows, rows + count, numbers.data_ptr<std::int64_t>());
  const at::Tensor begins =
      (on_host ? numbers : numbers.to(tokens.device(), /*non_blocking=*/true)) * context();
  const at::Tensor places = begins + at::arange(context(), begins.options());
  out.x = tokens.take(places).to(at::kLong);
  out.y = tokens.take(places + 1).flatten().to(at::kLong);
}

void TextBatches::fill_on_host(const TextSet& set, const std::int64_t* rows, std::int64_t count,
                               Batch& out) const {
  const at::TensorOptions host = at::TensorOptions().dtype(at::kLong);
  if (!out.x.defined() || out.x.size(0) != count) {
    out.x = at::empty({count, context()}, host);
    out.y = at::empty({count * context()}, host);
  }
  std::int64_t* px = out.x.data_ptr<std::int64_t>();
  std::int64_t* py = out.y.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int32_t* from = set.tokens.data() + rows[i] * context();
    std::copy(from, from + context(), px + i * context());
    std::copy(from + 1, from + 1 + context(), py + i * context());
  }
}

}  // namespace grapevine
