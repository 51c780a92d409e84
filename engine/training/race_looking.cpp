// A race looked into between two steps. What goes wrong here is reported where it was asked for, and is no
// racer's end.
#include "engine/nn/plain_errors.h"
#include "engine/session/interruption.h"
#include "engine/training/race.h"

namespace grapevine {
namespace {

constexpr const char* cut_short =
    "what belongs to the last step was cut short and is done first: press Play, or resume the run";

}  // namespace

InspectionSet Race::inspect(const InspectionRequest& request, bool at_rest,
                            const std::function<bool()>& interrupt) {
  const Interruptible guard(interrupt);
  std::vector<int> asked = request.racers;
  if (asked.empty())
    for (std::size_t i = 0; i < trainers_.size(); ++i) asked.push_back(static_cast<int>(i));
  InspectionSet all;
  for (const int racer : asked) {
    Inspection found;
    const auto i = static_cast<std::size_t>(racer);
    if (racer < 0 || i >= trainers_.size()) continue;
    if (failed_[i])
      found.trouble = "this racer has failed";
    else if (due_[i].any())
      found.trouble = cut_short;
    else
      try {
        found = in_plain_words([&] { return trainers_[i]->inspect(*batches_, request.point, at_rest); });
      } catch (const Error& error) {
        found.trouble = error.what();
      }
    found.racer = racer;
    found.point = request.point;
    found.step = step_;
    found.epoch = epoch();
    all.push_back(std::move(found));
  }
  return all;
}

Rehearsal Race::rehearse(const RehearsalRequest& request, const std::function<bool()>& interrupt) {
  const Interruptible guard(interrupt);
  Rehearsal shown;
  shown.request = request;
  const auto i = static_cast<std::size_t>(request.racer);
  if (request.racer < 0 || i >= trainers_.size())
    shown.trouble = "there is no such racer";
  else if (failed_[i] || done_[i])
    shown.trouble = "this racer takes no more steps";
  else if (due_[i].any())
    shown.trouble = cut_short;
  else if (step_ >= total_steps_)
    shown.trouble = "the run has no next step";
  else
    shown = in_plain_words([&] {
      const Batch& batch = batches_->training(step_ / steps_per_epoch_, step_ % steps_per_epoch_);
      return trainers_[i]->rehearse(batch, step_ + 1, steps_per_epoch_, request);
    });
  return shown;
}

}  // namespace grapevine
