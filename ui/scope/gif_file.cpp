// Animated GIF, written by giflib.
#include "ui/scope/gif_file.h"

#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/error.h"

namespace grapevine {
namespace {

constexpr int kMostColours = 256;

int append(GifFileType* file, const GifByteType* bytes, int count) {
  static_cast<QByteArray*>(file->UserData)->append(reinterpret_cast<const char*>(bytes), count);
  return count;
}

[[noreturn]] void refuse(int code) {
  const char* why = GifErrorString(code);
  throw RunError(std::string("the animation can't be written: ") + (why ? why : "giflib failed"));
}

/// A part of a picture with its own palette.
struct Indexed {
  std::vector<GifByteType> pixels;
  std::array<GifColorType, kMostColours> colours{};
  int count = 0;  ///< a power of two
};

/// A size that GIF knows: 2, 4 … 256.
int palette_size(int colours) {
  int size = 2;
  while (size < colours) size *= 2;
  return size;
}

/// Exactly; false where there are too many colours.
bool index_exactly(const QImage& picture, const QRect& part, Indexed& out) {
  std::unordered_map<QRgb, int> places;
  for (int y = part.top(); y <= part.bottom(); ++y) {
    const auto* line = reinterpret_cast<const QRgb*>(picture.constScanLine(y));
    for (int x = part.left(); x <= part.right(); ++x) {
      const auto [place, is_new] = places.try_emplace(line[x], static_cast<int>(places.size()));
      if (places.size() > kMostColours) return false;
      out.pixels.push_back(static_cast<GifByteType>(place->second));
    }
  }
  for (const auto& [rgb, place] : places)
    out.colours[static_cast<std::size_t>(place)] = {static_cast<GifByteType>(qRed(rgb)),
                                                    static_cast<GifByteType>(qGreen(rgb)),
                                                    static_cast<GifByteType>(qBlue(rgb))};
  out.count = palette_size(static_cast<int>(places.size()));
  return true;
}

void index_roughly(const QImage& picture, const QRect& part, Indexed& out) {
  std::array<std::vector<GifByteType>, 3> planes;
  for (int y = part.top(); y <= part.bottom(); ++y) {
    const auto* line = reinterpret_cast<const QRgb*>(picture.constScanLine(y));
    for (int x = part.left(); x <= part.right(); ++x) {
      planes[0].push_back(static_cast<GifByteType>(qRed(line[x])));
      planes[1].push_back(static_cast<GifByteType>(qGreen(line[x])));
      planes[2].push_back(static_cast<GifByteType>(qBlue(line[x])));
    }
  }
  out.pixels.resize(planes[0].size());
  int size = kMostColours;
  if (GifQuantizeBuffer(static_cast<unsigned>(part.width()), static_cast<unsigned>(part.height()), &size,
                        planes[0].data(), planes[1].data(), planes[2].data(), out.pixels.data(),
                        out.colours.data()) != GIF_OK)
    refuse(E_GIF_ERR_NOT_ENOUGH_MEM);
  out.count = kMostColours;
}

Indexed indexed(const QImage& picture, const QRect& part) {
  Indexed out;
  out.pixels.reserve(static_cast<std::size_t>(part.width()) * static_cast<std::size_t>(part.height()));
  if (index_exactly(picture, part, out)) return out;
  out = {};
  index_roughly(picture, part, out);
  return out;
}

/// What two pictures differ in; a single pixel where they are alike.
QRect difference(const QImage& before, const QImage& now) {
  if (before.isNull()) return now.rect();
  QRect found;
  for (int y = 0; y < now.height(); ++y) {
    const auto* a = reinterpret_cast<const QRgb*>(before.constScanLine(y));
    const auto* b = reinterpret_cast<const QRgb*>(now.constScanLine(y));
    const auto first = static_cast<int>(std::mismatch(a, a + now.width(), b).first - a);
    if (first == now.width()) continue;
    int last = now.width() - 1;
    while (a[last] == b[last]) --last;
    found |= QRect(QPoint(first, y), QPoint(last, y));
  }
  return found.isEmpty() ? QRect(0, 0, 1, 1) : found;
}

}  // namespace

struct GifFile::Impl {
  QByteArray bytes;
  QSize size;
  QImage before;
  GifFileType* file = nullptr;
};

GifFile::GifFile(QSize size) : impl_(std::make_unique<Impl>()) {
  impl_->size = size;
  int error = 0;
  impl_->file = EGifOpen(&impl_->bytes, append, &error);
  if (!impl_->file) refuse(error);
  EGifSetGifVersion(impl_->file, true);
  // "For ever", as browsers have understood it since 1995.
  static constexpr unsigned char name[] = "NETSCAPE2.0";
  static constexpr unsigned char repeats[] = {1, 0, 0};
  const bool written = EGifPutScreenDesc(impl_->file, size.width(), size.height(), 8, 0, nullptr) == GIF_OK &&
                       EGifPutExtensionLeader(impl_->file, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
                       EGifPutExtensionBlock(impl_->file, 11, name) == GIF_OK &&
                       EGifPutExtensionBlock(impl_->file, 3, repeats) == GIF_OK &&
                       EGifPutExtensionTrailer(impl_->file) == GIF_OK;
  if (!written) refuse(impl_->file->Error);
}

GifFile::~GifFile() {
  int error = 0;
  if (impl_->file) EGifCloseFile(impl_->file, &error);
}

void GifFile::add(const QImage& picture, int centiseconds) {
  const QImage now = picture.convertToFormat(QImage::Format_RGB32);
  const QRect part = difference(impl_->before, now);
  const Indexed content = indexed(now, part);
  impl_->before = now;
  GraphicsControlBlock control;
  control.DisposalMode = DISPOSE_DO_NOT;
  control.UserInputFlag = false;
  control.DelayTime = centiseconds;
  control.TransparentColor = NO_TRANSPARENT_COLOR;
  std::array<GifByteType, 4> extension{};
  EGifGCBToExtension(&control, extension.data());
  const std::unique_ptr<ColorMapObject, decltype(&GifFreeMapObject)> palette(
      GifMakeMapObject(content.count, content.colours.data()), &GifFreeMapObject);
  GifFileType* file = impl_->file;
  if (!palette || EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, 4, extension.data()) != GIF_OK ||
      EGifPutImageDesc(file, part.x(), part.y(), part.width(), part.height(), false, palette.get()) != GIF_OK)
    refuse(file->Error);
  for (int y = 0; y < part.height(); ++y) {
    // giflib takes lines that it may write to.
    std::vector<GifByteType> line(content.pixels.begin() + static_cast<std::ptrdiff_t>(y) * part.width(),
                                  content.pixels.begin() + static_cast<std::ptrdiff_t>(y + 1) * part.width());
    if (EGifPutLine(file, line.data(), part.width()) != GIF_OK) refuse(file->Error);
  }
}

QByteArray GifFile::finish() {
  int error = 0;
  GifFileType* file = std::exchange(impl_->file, nullptr);
  if (EGifCloseFile(file, &error) != GIF_OK) refuse(error);
  return impl_->bytes;
}

}  // namespace grapevine
