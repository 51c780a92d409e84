// An animation on a thread of its own.
#include "ui/scope/animation_work.h"

#include <exception>

namespace grapevine {

AnimationWork::AnimationWork(std::unique_ptr<StageAnimation> animation, QString file)
    : animation_(std::move(animation)), file_(std::move(file)), thread_([this] { work(); }) {}

AnimationWork::~AnimationWork() {
  cancel();
  thread_.join();
}

void AnimationWork::work() {
  try {
    bool more = true;
    while (more && !cancelled_) {
      more = animation_->advance();
      drawn_ = animation_->drawn();
    }
    if (!cancelled_) animation_->write(file_);
  } catch (const std::exception& error) {
    trouble_ = QString::fromUtf8(error.what());
  }
  over_ = true;
}

}  // namespace grapevine
