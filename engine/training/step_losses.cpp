#include "engine/training/step_losses.h"

#include <cmath>

#include "engine/error.h"
#include "engine/experiment/measure.h"
#include "engine/training/checkpoint_numbers.h"

namespace grapevine {
namespace {

constexpr const char *loss_sum = "epoch/loss", *correct_sum = "epoch/correct", *count_sum = "epoch/count";

}  // namespace

void StepLosses::note(std::int64_t step, double epoch, std::int64_t count, const Judgement& judgement,
                      Report& report) {
  const bool counts = !network_.decoder();  // a language model is judged by its loss alone
  tally_.note({step, epoch, static_cast<double>(count)}, judgement.loss,
              counts ? judgement.correct : at::Tensor());
  if (tally_.full()) settle(report);
}

void StepLosses::settle(Report& report) {
  for (const StepTally::Entry& entry : tally_.take()) {
    reports_.add(report, family::loss, 0, entry.step, entry.epoch, entry.loss);
    if (!network_.decoder())
      reports_.add(report, family::accuracy, 0, entry.step, entry.epoch, entry.correct / entry.count);
    else
      reports_.add(report, family::perplexity, 0, entry.step, entry.epoch, std::exp(entry.loss));
    check(entry.loss, entry.step);
    loss_ += entry.loss * entry.count;
    correct_ += entry.correct;
    count_ += entry.count;
  }
}

// Names the first segment whose output is not finite; if all are, the loss itself overflowed behind the last.
// A loss that is read later has no outputs left to look at.
void StepLosses::check(double loss, std::int64_t step) const {
  if (std::isfinite(loss)) return;
  const std::string trouble =
      "the loss is not a number or infinite (NaN/Inf) at step " + std::to_string(step);
  if (!tapes_->hold(network_, step)) throw RunError(trouble);
  int where = network_.segments();
  for (int l = 1; l <= network_.segments(); ++l)
    if (!tapes_->training.outputs[static_cast<std::size_t>(l - 1)].isfinite().all().item<bool>()) {
      where = l;
      break;
    }
  throw RunError(trouble + ", first in segment " + std::to_string(where));
}

void StepLosses::save(std::map<std::string, double>& numbers) const {
  numbers[loss_sum] = loss_;
  numbers[correct_sum] = correct_;
  numbers[count_sum] = count_;
}

void StepLosses::load(const std::map<std::string, double>& numbers) {
  loss_ = number_or_zero(numbers, loss_sum);
  correct_ = number_or_zero(numbers, correct_sum);
  count_ = number_or_zero(numbers, count_sum);
}

}  // namespace grapevine
