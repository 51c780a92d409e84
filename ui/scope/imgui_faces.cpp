// A system TrueType face for ImGui's atlas: its built-in one has Latin letters only.
#include <imgui.h>

#include <QDirIterator>
#include <QFileInfo>
#include <QRawFont>
#include <QStandardPaths>

#include "ui/scope/imgui_painter.h"

namespace grapevine {
namespace {

QString find_face() {
  const QStringList names = {"DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf"};
  const QStringList usual = {"/usr/share/fonts/truetype/dejavu/", "/usr/share/fonts/dejavu-sans-fonts/",
                             "/usr/share/fonts/TTF/", "/usr/share/fonts/truetype/noto/"};
  for (const QString& folder : usual) {
    for (const QString& name : names) {
      if (QFileInfo::exists(folder + name)) return folder + name;
    }
  }
  for (const QString& folder : QStandardPaths::standardLocations(QStandardPaths::FontsLocation)) {
    QDirIterator files(folder, names, QDir::Files,
                       QDirIterator::Subdirectories | QDirIterator::FollowSymlinks);
    if (files.hasNext()) return files.next();
  }
  return {};
}

const QString& face_file() {
  static const QString file = find_face();
  return file;
}

/// The bold face next to the regular one; the regular one where there is none.
QString bold_file() {
  const QString& regular = face_file();
  QString bold = regular;
  bold.replace(QStringLiteral("-Regular.ttf"), QStringLiteral(".ttf"));
  bold.replace(QStringLiteral(".ttf"), QStringLiteral("-Bold.ttf"));
  return QFileInfo::exists(bold) ? bold : regular;
}

// First and last of each block: Latin with its extensions, combining marks (for J̄ and Ĵ), Greek, punctuation,
// super- and subscripts, arrows, mathematical operators, geometric shapes.
constexpr ImWchar kRanges[] = {0x0020, 0x024f, 0x0300, 0x0316, 0x0370, 0x03ff, 0x2010, 0x2044, 0x2070,
                               0x209c, 0x2190, 0x21ff, 0x2200, 0x22ff, 0x25a0, 0x25ff, 0};

// Of the largest faces, which readings alone are set in.
constexpr ImWchar kReadingRanges[] = {0x0020, 0x00ff, 0x2010, 0x2044, 0x2212, 0x2213, 0};

ImGuiFaces::Face load(const QString& file, double pixels, double ratio) {
  ImGuiFaces::Face face;
  const QRawFont metrics(file, pixels);
  // ImGui's size runs from ascent to descent, everybody else's is the em.
  const double height = metrics.isValid() ? metrics.ascent() + metrics.descent() : pixels * 1.17;
  ImFontConfig config;
  config.OversampleH = 2;
  config.OversampleV = 1;
  face.font = ImGui::GetIO().Fonts->AddFontFromFileTTF(file.toLocal8Bit().constData(),
                                                       static_cast<float>(std::round(height * ratio)),
                                                       &config, pixels > 20 ? kReadingRanges : kRanges);
  if (!face.font) return face;
  face.size = std::round(height * ratio) / ratio;
  face.ascent = metrics.isValid() ? metrics.ascent() : pixels * 0.93;
  face.cap_height = metrics.isValid() ? metrics.capHeight() : pixels * 0.73;
  return face;
}

}  // namespace

ImGuiFaces load_faces(double pixel_ratio) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  ImGuiFaces faces;
  faces.system_face = !face_file().isEmpty();
  for (std::size_t i = 0; i < faces.faces.size() && faces.system_face; ++i) {
    const auto size = static_cast<TextSize>(i);
    faces.faces[i] = load(is_bold(size) ? bold_file() : face_file(), text_pixels(size), pixel_ratio);
    faces.system_face = faces.faces[i].font != nullptr;
  }
  if (!faces.system_face) {
    atlas.Clear();
    ImFontConfig config;
    config.SizePixels = static_cast<float>(std::round(13 * pixel_ratio));
    for (ImGuiFaces::Face& face : faces.faces) {
      face = ImGuiFaces::Face();
      face.font = atlas.AddFontDefault(&config);
    }
  }
  atlas.Build();
  return faces;
}

}  // namespace grapevine
