#include "engine/batches/batches.h"

#include <cmath>
#include <numeric>

#include "engine/batches/image_batches.h"
#include "engine/batches/text_batches.h"
#include "engine/error.h"
#include "engine/experiment/bound_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

// Fisher–Yates with the key's words.
void permute(std::vector<std::int64_t>& rows, RandomKey key) {
  for (std::size_t i = rows.size(); i > 1; --i) {
    const std::size_t j = static_cast<std::size_t>(key.word(i) % i);
    std::swap(rows[i - 1], rows[j]);
  }
}

// A partial Fisher–Yates: only the first `count` places are needed.
void draw_first(std::vector<std::int64_t>& rows, std::int64_t count, RandomKey key) {
  const auto size = static_cast<std::int64_t>(rows.size());
  for (std::int64_t i = 0; i < count; ++i) {
    const auto left = static_cast<std::uint64_t>(size - i);
    const auto j = static_cast<std::size_t>(i) +
                   static_cast<std::size_t>(key.word(static_cast<std::uint64_t>(i)) % left);
    std::swap(rows[static_cast<std::size_t>(i)], rows[j]);
  }
}

std::vector<std::int64_t> numbers_from(std::int64_t begin, std::int64_t count) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), begin);
  return rows;
}

}  // namespace

Batch Batch::rows(const at::Tensor& numbers) const {
  return {x.index_select(0, numbers), y.view({x.size(0), -1}).index_select(0, numbers).flatten()};
}

BatchSettings BatchSettings::of(const Experiment& experiment) {
  return {DataSettings::of(experiment), RunSettings::of(experiment).seed,
          TrainSettings::of(experiment).batch};
}

DataRequest Batches::request() const {
  return data_request(asked(), settings_.seed);
}

// A text's records are pieces of data.context tokens, and the next token of each.
void Batches::demand(std::int64_t records, const char* part, const char* limit_key,
                     std::int64_t limit) const {
  if (records > 0) return;
  std::string words = "the data set " + asked().name + " has no " + part + " records";
  const DataDescriptor* data = find_data(asked().name);
  if (data && data->text)
    words += ": a piece takes data.context=" + std::to_string(asked().context) +
             " tokens and the next one, and " + limit_key + "=" + std::to_string(limit) +
             (limit > 0 ? "" : " (all)") + " leaves fewer; lower data.context";
  throw InputError(words);
}

void Batches::arrange(std::int64_t train, std::int64_t own_validation, std::int64_t test) {
  train_rows_ = numbers_from(0, train);
  own_validation_ = own_validation;
  test_count_ = test;
  const double wanted = own_validation > 0 ? 0 : asked().validation;
  const auto held_out =
      static_cast<std::int64_t>(wanted < 1 ? std::floor(wanted * static_cast<double>(train)) : wanted);
  demand(train, "training", key_of(&DataSettings::train_limit).c_str(), asked().train_limit);
  if (wanted > 0 && held_out <= 0)
    throw InputError("data.validation: that share of " + std::to_string(train) +
                     " training records is less than one record; hold out a larger share, or give a number "
                     "of records from 1 on");
  if (test > 0 || held_out <= 0)
    demand(test, "test", key_of(&DataSettings::test_limit).c_str(), asked().test_limit);
  if (held_out >= train)
    throw InputError("data.validation: " + std::to_string(held_out) +
                     " records for validation leave none of " + std::to_string(train) + " to train on");
  if (held_out <= 0) return;
  permute(train_rows_, RandomKey::of(settings_.seed, Stream::batches).with(~std::uint64_t{0}));
  held_out_.assign(train_rows_.end() - held_out, train_rows_.end());
  train_rows_.resize(train_rows_.size() - static_cast<std::size_t>(held_out));
  if (test > 0) return;
  test_is_held_out_ = true;
  test_count_ = held_out;
  notes_.emplace_back("there are no test data: what is shown as test is measured on the validation data");
}

void Batches::shuffle(std::int64_t epoch) {
  order_ = train_rows_;
  permute(order_, RandomKey::of(settings_.seed, Stream::batches).with(static_cast<std::uint64_t>(epoch)));
  ordered_epoch_ = epoch;
}

const Batch& Batches::training(std::int64_t epoch, std::int64_t index) {
  if (epoch != ordered_epoch_) shuffle(epoch);
  const std::int64_t begin = index * batch_size();
  const std::int64_t count = std::min(batch_size(), train_count() - begin);
  const RandomKey key =
      RandomKey::of(settings_.seed, Stream::augmentation).with(static_cast<std::uint64_t>(epoch));
  fill(Part::train, order_.data() + begin, count, training_, augments() ? &key : nullptr);
  return training_;
}

Batch Batches::made(Part part, const std::int64_t* rows, std::int64_t count) const {
  Batch batch;
  fill(part, rows, count, batch, nullptr);
  return batch;
}

Batch Batches::test(std::int64_t begin, std::int64_t count) const {
  if (test_is_held_out_) return validation(begin, count);
  return made(Part::test, numbers_from(begin, count).data(), count);
}

Batch Batches::validation(std::int64_t begin, std::int64_t count) const {
  if (own_validation_ > 0) return made(Part::validation, numbers_from(begin, count).data(), count);
  return made(Part::train, held_out_.data() + begin, count);
}

Batch Batches::drawn(RandomKey key, std::int64_t count) const {
  std::vector<std::int64_t> rows = train_rows_;
  count = std::min(count, train_count());
  draw_first(rows, count, key);
  return made(Part::train, rows.data(), count);
}

Batch Batches::balanced(RandomKey key, std::int64_t count, std::int64_t classes) const {
  std::vector<std::vector<std::int64_t>> by_class(static_cast<std::size_t>(classes));
  for (std::int64_t row : train_rows_) {
    const std::int64_t own = class_of(row);
    if (own < 0) throw InputError("calibration.batch=class_balanced: these records have no classes");
    by_class[static_cast<std::size_t>(own)].push_back(row);
  }
  std::vector<std::int64_t> chosen;
  for (std::int64_t c = 0; c < classes; ++c) {
    auto& rows = by_class[static_cast<std::size_t>(c)];
    const std::int64_t wanted = count / classes + (c < count % classes ? 1 : 0);
    const std::int64_t taken = std::min(wanted, static_cast<std::int64_t>(rows.size()));
    draw_first(rows, taken, key.with(static_cast<std::uint64_t>(c)));
    chosen.insert(chosen.end(), rows.begin(), rows.begin() + taken);
  }
  return made(Part::train, chosen.data(), static_cast<std::int64_t>(chosen.size()));
}

std::unique_ptr<Batches> make_batches(const BatchSettings& settings, const at::TensorOptions& options,
                                      const WorkHooks& hooks) {
  const DataDescriptor* data = find_data(settings.data.name);
  if (data && data->text) return std::make_unique<TextBatches>(settings, options, hooks);
  return std::make_unique<ImageBatches>(settings, options, hooks);
}

}  // namespace grapevine
