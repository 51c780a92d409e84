// A user's own images: what of PNG, JPEG and PPM is read, and what becomes of their sizes and colours. Files
// are written with libpng and libjpeg, or byte by byte; right values follow from what was written.
#include <png.h>

#include <QtTest>

#include "engine/data/picture.h"
#include "engine/data/places.h"
#include "engine/data/resample.h"
#include "tests/data/jpeg_writer.h"

#include "tests/data/own_images.h"

using namespace grapevine;

namespace {

/// 8×8 of one set of inks.
Bytes cmyk_jpeg(const Bytes& inks, bool adobe) {
  return jpeg_of(inks, 8, 8, adobe);
}

}  // namespace

class TestOwnImages : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void png_of_every_kind_is_read_data();
  void png_of_every_kind_is_read();
  void inks_become_colours_data();
  void inks_become_colours();
  void ppm_and_pgm_are_read();
  void damaged_images_are_named();
  void different_sizes_are_refused_with_what_was_found();
  void resize_takes_the_middle_square();
  void a_smaller_image_is_the_mean_of_what_it_covers();
  void grey_beside_colour_becomes_colour();
  void what_is_no_image_is_left_out();
  void a_link_to_nowhere_is_named();
  void the_second_load_reads_what_was_kept();
};

void TestOwnImages::png_of_every_kind_is_read_data() {
  QTest::addColumn<QByteArray>("file");
  QTest::addColumn<int>("channels");
  QTest::addColumn<QByteArray>("planes");
  const auto row = [](const char* name, const Bytes& file, int channels, const Bytes& planes) {
    QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(file.data()), std::ssize(file))
                        << channels
                        << QByteArray(reinterpret_cast<const char*>(planes.data()), std::ssize(planes));
  };
  row("grey", png(PNG_COLOR_TYPE_GRAY, 8, 2, 1, {{7, 200}}), 1, {7, 200});
  // Two bits: 0, 1, 2, 3 are 0, 85, 170, 255.
  row("grey of two bits", png(PNG_COLOR_TYPE_GRAY, 2, 4, 1, {{0b00011011}}), 1, {0, 85, 170, 255});
  row("grey of sixteen bits", png(PNG_COLOR_TYPE_GRAY, 16, 2, 1, {{0xff, 0xff, 0x80, 0x80}}), 1, {255, 128});
  row("grey and transparency", png(PNG_COLOR_TYPE_GRAY_ALPHA, 8, 1, 1, {{9, 0}}), 1, {9});
  row("colours", png(PNG_COLOR_TYPE_RGB, 8, 2, 1, {{1, 2, 3, 4, 5, 6}}), 3, {1, 4, 2, 5, 3, 6});
  row("colours and transparency", png(PNG_COLOR_TYPE_RGB_ALPHA, 8, 1, 1, {{1, 2, 3, 0}}), 3, {1, 2, 3});
  row("a palette", png(PNG_COLOR_TYPE_PALETTE, 8, 2, 1, {{1, 0}}, {{10, 20, 30}, {40, 50, 60}}), 3,
      {40, 10, 50, 20, 60, 30});
}

void TestOwnImages::png_of_every_kind_is_read() {
  QFETCH(QByteArray, file);
  QFETCH(int, channels);
  QFETCH(QByteArray, planes);
  const Folder folder;
  const std::string path = folder.write("a.png", {file.begin(), file.end()});
  const Picture picture = read_picture(path);
  QCOMPARE(picture.size.channels, channels);
  QVERIFY(picture.planes == Bytes(planes.begin(), planes.end()));
  QVERIFY(read_picture_size(path) == picture.size);
}

void TestOwnImages::inks_become_colours_data() {
  QTest::addColumn<bool>("adobe");
  QTest::newRow("Adobe's, upside down") << true;
  QTest::newRow("as the format has them") << false;
}

// Inks of 0, 51, 102 and 51 of 255 leave (1 − ink)(1 − black): 204, 163, 122.
void TestOwnImages::inks_become_colours() {
  QFETCH(bool, adobe);
  const Folder folder;
  const Bytes inks = adobe ? Bytes{255, 204, 153, 204} : Bytes{0, 51, 102, 51};
  const Picture picture = read_picture(folder.write("a.jpg", cmyk_jpeg(inks, adobe)));
  QVERIFY(picture.size == (PictureSize{3, 8, 8}));
  const int wanted[] = {204, 163, 122};
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 64; ++i)
      QVERIFY(std::abs(picture.planes[static_cast<std::size_t>(c * 64 + i)] - wanted[c]) <= 2);
}

void TestOwnImages::ppm_and_pgm_are_read() {
  const Folder folder;
  const Picture colours = read_picture(folder.write("a.ppm", text("P6 2 1 255\n\x01\x02\x03\x04\x05\x06")));
  QVERIFY(colours.size == (PictureSize{3, 1, 2}));
  QVERIFY(colours.planes == (Bytes{1, 4, 2, 5, 3, 6}));
  const Picture words =
      read_picture(folder.write("b.pgm", text("P2\n# made by hand\n2 2\n100\n0 50\n100 20\n")));
  QVERIFY(words.planes == (Bytes{0, 128, 255, 51}));
  QVERIFY(has(refusal([&] { read_picture(folder.write("c.ppm", text("P6 9 9 255\nxx"))); }), "cut short"));
}

void TestOwnImages::damaged_images_are_named() {
  const Folder folder;
  Bytes whole = png(PNG_COLOR_TYPE_RGB, 8, 4, 4, std::vector<Bytes>(4, pattern(12)));
  for (std::size_t size = 1; size < whole.size(); size += 3) {
    const std::string path =
        folder.write("a.png", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    const std::string words = refusal([&] { read_picture(path); });
    QVERIFY2(words.starts_with(path + ": "), std::to_string(size).c_str());
  }
  // The header says 4×4; a flipped bit of its size makes another sum of the chunk.
  whole[18] ^= 1;
  QVERIFY(has(refusal([&] { read_picture(folder.write("b.png", whole)); }), "b.png: "));
  const Bytes page = text("<!doctype html><html></html>");
  QVERIFY(has(refusal([&] { read_picture(folder.write("c.jpg", page)); }), "a web page (HTML)"));
  QVERIFY(has(refusal([&] { read_picture(folder.write("d.jpg", {})); }), "empty"));
}

void TestOwnImages::different_sizes_are_refused_with_what_was_found() {
  Tree tree;
  tree.request.validation = 0.5;
  tree.add("a/1.png", grey_png(4, 4, 1));
  tree.add("a/2.png", grey_png(4, 4, 1));
  tree.add("b/1.png", grey_png(6, 4, 2));
  const std::string words = tree.refused();
  QVERIFY2(has(words, "4×4 (2, as ") && has(words, "6×4 (1, as " + tree.data.path("b/1.png")) &&
               has(words, "data.resize"),
           words.c_str());
  tree.request.resize = 4;
  QVERIFY(tree.load().train.height == 4);
}

void TestOwnImages::resize_takes_the_middle_square() {
  // Columns 0 … 7 in four rows: the middle four columns stay, each pixel as it was.
  Picture wide{{1, 4, 8}, {}};
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 8; ++x) wide.planes.push_back(static_cast<std::uint8_t>(x));
  const Picture square = square_of(wide, 4);
  QVERIFY(square.size == (PictureSize{1, 4, 4}));
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 4; ++x) QCOMPARE(int{square.planes[static_cast<std::size_t>(y * 4 + x)]}, x + 2);
}

// Bilinear and antialiased, by hand: to half the size a pixel is at ±¾ and ±¼ of the triangle's width of two:
// weights 1 3 3 1 of 8; at the edge, where one is missing, 3 3 1 of 7.
void TestOwnImages::a_smaller_image_is_the_mean_of_what_it_covers() {
  Picture steps{{1, 4, 4}, {}};
  for (int y = 0; y < 4; ++y)
    for (const int level : {0, 70, 140, 210}) steps.planes.push_back(static_cast<std::uint8_t>(level));
  const Picture half = square_of(steps, 2);
  QVERIFY(half.planes == (Bytes{50, 160, 50, 160}));  // (3·0 + 3·70 + 140) / 7 and (70 + 3·140 + 3·210) / 7
  const Picture flat = square_of({{3, 5, 9}, Bytes(135, 77)}, 7);
  QVERIFY(flat.planes == Bytes(147, 77));
}

void TestOwnImages::grey_beside_colour_becomes_colour() {
  Tree tree;
  tree.request.validation = 0.5;
  tree.add("a/1.png", grey_png(1, 1, 9));
  tree.add("b/1.png", png(PNG_COLOR_TYPE_RGB, 8, 1, 1, {{1, 2, 3}}));
  const ImageSet set = tree.load().train;
  QCOMPARE(set.channels, 3);
  QVERIFY(set.pixels == (Bytes{9, 9, 9, 1, 2, 3}));
}

void TestOwnImages::what_is_no_image_is_left_out() {
  Tree tree;
  tree.request.validation = 0.5;
  tree.add("a/1.png", grey_png(1, 1, 9));
  tree.add("b/1.png", grey_png(1, 1, 9));
  tree.add("b/.DS_Store", {1});
  tree.add("b/._1.png", {1});
  tree.add("b/notes.txt", {1});
  tree.add(".git/x.png", {1});
  const ImageSet set = tree.load().train;
  QCOMPARE(set.count(), std::int64_t{2});
  QVERIFY2(has(set.note, "1 file that is not PNG, JPEG or PPM left out, as b/notes.txt"), set.note.c_str());
}

void TestOwnImages::a_link_to_nowhere_is_named() {
  Tree tree;
  tree.request.validation = 0.5;
  for (const char* name : {"a/1.png", "b/1.png", "c/1.png"}) tree.add(name, grey_png(1, 1, 9));
  const auto link = [&](const char* to, const char* name) {
    std::filesystem::create_symlink(to, tree.data.path(name));
  };
  link("/nowhere/2.png", "a/2.png");
  link("3.png", "b/3.png");
  const ImageSet set = tree.load().train;
  QCOMPARE(set.count(), std::int64_t{3});
  QVERIFY2(has(set.note,
               "2 names that can't be read as a file left out, as a/2.png (a link to "
               "/nowhere/2.png, where nothing is), b/3.png (a link that leads in a circle)"),
           set.note.c_str());
  // Nothing of a class remains.
  std::filesystem::remove(tree.data.path("c/1.png"));
  link("/nowhere/1.png", "c/1.png");
  QVERIFY2(has(tree.refused(), "c/1.png is a link to /nowhere/1.png"), tree.refused().c_str());
  std::filesystem::remove_all(tree.data.path("c"));
  link("/nowhere/c", "c");
  QVERIFY2(has(tree.refused(), "c is a link to /nowhere/c"), tree.refused().c_str());
  std::filesystem::remove(tree.data.path("c"));
  link("/nowhere/train", "train");
  QVERIFY2(has(tree.refused(), "train is a link to /nowhere/train"), tree.refused().c_str());
}

void TestOwnImages::the_second_load_reads_what_was_kept() {
  Tree tree;
  tree.request.validation = 0.5;
  tree.request.resize = 2;
  tree.add("a/1.png", grey_png(4, 4, 9));
  tree.add("b/1.png", grey_png(4, 4, 8));
  const Bytes first = tree.load().train.pixels;
  // The sizes are looked at again, the rest of the file isn't.
  const std::string file = tree.data.path("a/1.png");
  const auto time = std::filesystem::last_write_time(file);
  Bytes damaged = grey_png(4, 4, 9);
  damaged[damaged.size() - 20] ^= 0xff;
  tree.data.write("a/1.png", damaged);
  std::filesystem::last_write_time(file, time);
  QVERIFY(tree.load().train.pixels == first);
  tree.request.resize = 4;
  QVERIFY(has(tree.refused(), file));
}

QTEST_APPLESS_MAIN(TestOwnImages)
#include "test_own_images.moc"
