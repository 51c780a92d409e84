// An animation drawn and written on a thread of its own, so that the window continues. Made, asked and ended
// on the window's thread.
#pragma once

#include <QString>
#include <atomic>
#include <memory>
#include <thread>

#include "ui/scope/stage_animation.h"

namespace grapevine {

class AnimationWork {
 public:
  AnimationWork(std::unique_ptr<StageAnimation> animation, QString file);
  /// Waits for the picture that is being drawn, no longer: what is not finished leaves no file.
  ~AnimationWork();
  AnimationWork(const AnimationWork&) = delete;
  AnimationWork& operator=(const AnimationWork&) = delete;

  int pictures() const { return animation_->pictures(); }
  int drawn() const { return drawn_; }
  void cancel() { cancelled_ = true; }
  bool is_over() const { return over_; }
  /// What went wrong, once it is over; empty = the file is there, or it was cancelled.
  const QString& trouble() const { return trouble_; }

 private:
  void work();

  std::unique_ptr<StageAnimation> animation_;
  QString file_;
  QString trouble_;  ///< the thread's until it is over
  std::atomic<int> drawn_ = 0;
  std::atomic<bool> cancelled_ = false, over_ = false;
  std::thread thread_;
};

}  // namespace grapevine
