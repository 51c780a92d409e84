// A stretch of a run as a film of the stage: pictures of measured times, one after the other. Made on the
// window's thread, whose runs it copies; then one thread at a time.
#pragma once

#include <QByteArray>
#include <QSize>
#include <QString>
#include <cstdint>
#include <optional>
#include <vector>

#include "ui/scope/gif_file.h"
#include "ui/scope/scope_look.h"
#include "ui/scope/scope_model.h"

namespace grapevine {

struct AnimationWish {
  std::int64_t from = 0, to = 0;  ///< steps
  int pictures = 40;              ///< at most: there is one per measured time
  int width = 1000;               ///< in pixels
  int milliseconds = 120;         ///< a picture; the last one stays for two seconds
};

/// Steps of a model's stage that were measured between two, spread evenly; both ends among them.
std::vector<std::int64_t> animation_steps(const ScopeModel& model, const AnimationWish& wish);
/// The first and the last step that were measured; nothing where none was.
std::optional<std::pair<std::int64_t, std::int64_t>> measured_stretch(const ScopeModel& model);

class StageAnimation {
 public:
  /// Takes the runs as they are now; what the window shows stays as it is. Throws InputError where nothing
  /// was measured in the stretch.
  StageAnimation(const ScopeModel& model, const ScopeLook& look, const AnimationWish& wish);

  int pictures() const { return static_cast<int>(steps_.size()); }
  int drawn() const { return drawn_; }
  /// Draws one more; false when none is left.
  bool advance();
  QByteArray finish() { return file_.finish(); }
  /// The pictures that are left, and the file, complete or not at all. Throws RunError.
  void write(const QString& file);

 private:
  QSize size_;
  ScopeModel model_;
  ScopeLook look_;
  AnimationWish wish_;
  std::vector<std::int64_t> steps_;
  GifFile file_;
  int drawn_ = 0;
};

}  // namespace grapevine
