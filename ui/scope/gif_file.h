// Pictures one after the other as an animated GIF that repeats endlessly. One thread at a time.
#pragma once

#include <QByteArray>
#include <QImage>
#include <QSize>
#include <memory>

namespace grapevine {

class GifFile {
 public:
  /// All pictures have this size, 65,535 pixels per side at most.
  explicit GifFile(QSize size);
  ~GifFile();
  GifFile(const GifFile&) = delete;
  GifFile& operator=(const GifFile&) = delete;

  /// Shown for so many hundredths of a second. Up to 256 colours are kept exactly, more are brought down to
  /// as many. Only the part that differs from the picture before is written. Throws RunError.
  void add(const QImage& picture, int centiseconds);
  /// The whole file; nothing can be added then.
  QByteArray finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine
