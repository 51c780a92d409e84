// A user's own images in folders of classes. Files are written with libpng and libjpeg, or byte by byte;
// right values follow from what was written.
#include <png.h>

#include <QtTest>

#include "engine/data/picture.h"
#include "engine/data/places.h"
#include "engine/data/resample.h"
#include "tests/data/jpeg_writer.h"

using namespace grapevine;

class TestOwnImages : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void png_of_every_kind_is_read_data();
  void png_of_every_kind_is_read();
  void inks_become_colours_data();
  void inks_become_colours();
  void ppm_and_pgm_are_read();
  void damaged_images_are_named();
  void folders_are_classes();
  void one_folder_of_classes_needs_validation();
  void different_sizes_are_refused_with_what_was_found();
  void resize_takes_the_middle_square();
  void a_smaller_image_is_the_mean_of_what_it_covers();
  void grey_beside_colour_becomes_colour();
  void what_is_no_image_is_left_out();
  void the_second_load_reads_what_was_kept();
  void limits_and_missing_classes();
  void folders_without_classes_say_what_is_there();
  void one_folder_too_high_is_told();
  void images_in_no_class_folders_are_told();
  void test_images_without_classes_are_told();
  void formats_that_are_not_read_are_named();
};

namespace {

/// A PNG of rows of `depth` bits, as they lie in memory.
Bytes png(int type, int depth, int width, int height, const std::vector<Bytes>& rows,
          const std::vector<png_color>& palette = {}) {
  Bytes out;
  png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(writer);
  png_set_write_fn(
      writer, &out,
      [](png_structp to, png_bytep data, png_size_t count) {
        auto& bytes = *static_cast<Bytes*>(png_get_io_ptr(to));
        bytes.insert(bytes.end(), data, data + count);
      },
      nullptr);
  png_set_IHDR(writer, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), depth, type,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!palette.empty()) png_set_PLTE(writer, info, palette.data(), static_cast<int>(palette.size()));
  png_write_info(writer, info);
  for (const Bytes& row : rows) png_write_row(writer, row.data());
  png_write_end(writer, nullptr);
  png_destroy_write_struct(&writer, &info);
  return out;
}

/// One level all over.
Bytes grey_png(int width, int height, std::uint8_t level) {
  return png(
      PNG_COLOR_TYPE_GRAY, 8, width, height,
      std::vector<Bytes>(static_cast<std::size_t>(height), Bytes(static_cast<std::size_t>(width), level)));
}

/// 8×8 of one set of inks.
Bytes cmyk_jpeg(const Bytes& inks, bool adobe) {
  return jpeg_of(inks, 8, 8, adobe);
}

Bytes text(const std::string& words) {
  return {words.begin(), words.end()};
}

/// A folder of images and a cache of its own.
struct Tree {
  Folder data, cache;
  DataRequest request;
  Tree() {
    use_data_dir(cache.root());
    request.name = "images";
    request.dir = data.root();
  }
  void add(const std::string& name, const Bytes& bytes) const {
    std::filesystem::create_directories(std::filesystem::path(data.path(name)).parent_path());
    data.write(name, bytes);
  }
  ImageData load() const { return load_images(request); }
  std::string refused() const {
    return refusal([&] { load(); });
  }
};

}  // namespace

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

void TestOwnImages::folders_are_classes() {
  const Tree tree;
  tree.add("train/dog/1.png", grey_png(4, 3, 10));
  tree.add("train/dog/sub/10.PNG", grey_png(4, 3, 30));
  tree.add("train/cat/1.png", grey_png(4, 3, 20));
  tree.add("test/dog/x.png", grey_png(4, 3, 40));
  tree.add("test/emu/x.png", grey_png(4, 3, 50));
  const ImageData data = tree.load();
  // By name: cat, dog, emu; class by class in turn.
  QVERIFY(data.train.labels == (std::vector<std::int32_t>{0, 1, 1}));
  QVERIFY(data.test.labels == (std::vector<std::int32_t>{1, 2}));
  QVERIFY(data.train.channels == 1 && data.train.height == 3 && data.train.width == 4 &&
          data.train.classes == 3);
  QVERIFY(data.train.pixels[0] == 20 && data.train.pixels[12] == 10 && data.train.pixels[24] == 30);
  QVERIFY2(has(data.train.note, "no training images of 1 of 3 classes (2)"), data.train.note.c_str());
  const ImageFacts facts = image_facts(tree.request);
  QVERIFY(facts.channels == 1 && facts.height == 3 && facts.width == 4 && facts.classes == 3);
}

void TestOwnImages::one_folder_of_classes_needs_validation() {
  Tree tree;
  for (int i = 0; i < 4; ++i) {
    tree.add("a/" + std::to_string(i) + ".png", grey_png(2, 2, 1));
    tree.add("b/" + std::to_string(i) + ".png", grey_png(2, 2, 2));
  }
  QVERIFY(has(tree.refused(), "data.validation=0.1"));
  tree.request.validation = 0.25;
  tree.add("train/1.png", grey_png(2, 2, 3));  // vehicles
  QCOMPARE(tree.load().train.classes, 3);
  std::filesystem::remove_all(tree.data.path("train"));
  const ImageData data = tree.load();
  QCOMPARE(data.train.count(), std::int64_t{8});
  QCOMPARE(data.test.count(), std::int64_t{0});
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
  QVERIFY2(has(set.note, "1 file that is no PNG, JPEG or PPM left out, as b/notes.txt"), set.note.c_str());
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

void TestOwnImages::limits_and_missing_classes() {
  Tree tree;
  tree.request.validation = 0.5;
  for (int i = 0; i < 3; ++i) tree.add("a/" + std::to_string(i) + ".png", grey_png(1, 1, 1));
  tree.add("b/0.png", grey_png(1, 1, 2));
  tree.add("c/0.png", grey_png(1, 1, 3));
  tree.request.train_limit = 2;
  const ImageSet set = tree.load().train;
  QVERIFY(set.labels == (std::vector<std::int32_t>{0, 1}));
  QVERIFY2(has(set.note, "1 of 3 classes (2)") && has(set.note, "data.limit_order=balanced"),
           set.note.c_str());
}

void TestOwnImages::folders_without_classes_say_what_is_there() {
  Tree tree;
  tree.add("sub/train/a/1.png", grey_png(1, 1, 1));
  tree.add("sub/train/b/1.png", grey_png(1, 1, 1));
  tree.request.dir = tree.data.path("sub/train/a");
  QVERIFY2(has(tree.refused(), "set data.dir=" + tree.data.path("sub/train")), tree.refused().c_str());
  tree.request.dir = tree.cache.root();
  QVERIFY(has(tree.refused(), "It holds nothing"));
  tree.request.dir = tree.data.path("sub");
  std::filesystem::remove_all(tree.data.path("sub/train/b"));
  QVERIFY(has(tree.refused(), "a single class, 'a'"));
}

void TestOwnImages::one_folder_too_high_is_told() {
  Tree tree;
  tree.request.validation = 0.5;
  for (const char* part : {"train", "test"})
    for (const char* name : {"cat", "dog"})
      tree.add(std::string("pets/") + part + "/" + name + "/1.png", grey_png(1, 1, 1));
  const std::string words =
      "the files are in " + tree.data.path("pets") + ": set data.dir=" + tree.data.path("pets");
  QVERIFY2(has(tree.refused(), words), tree.refused().c_str());
  // Beside it may lie others, with images, too.
  tree.add("drafts/1.png", grey_png(1, 1, 1));
  tree.add("notes/a.txt", {1});
  QVERIFY2(has(tree.refused(), words), tree.refused().c_str());
  // Without parts: the one folder with classes.
  Tree plain;
  plain.request.validation = 0.5;
  plain.add("pets/cat/1.png", grey_png(1, 1, 1));
  plain.add("pets/dog/1.png", grey_png(1, 1, 1));
  QVERIFY2(has(plain.refused(), "set data.dir=" + plain.data.path("pets")), plain.refused().c_str());
  // A class's images may lie further down.
  Tree deep;
  deep.request.validation = 0.5;
  deep.add("cat/young/1.png", grey_png(1, 1, 1));
  deep.add("dog/1.png", grey_png(1, 1, 1));
  QCOMPARE(deep.load().train.classes, 2);
}

void TestOwnImages::images_in_no_class_folders_are_told() {
  Tree tree;
  tree.add("train/cat.0.png", grey_png(1, 1, 1));
  tree.add("train/dog.0.png", grey_png(1, 1, 1));
  const std::string words = "2 images lie directly in " + tree.data.path("train") +
                            ", in no class folders; sort them into a folder a "
                            "class, as cat/cat.0.png";
  QVERIFY2(has(tree.refused(), words), tree.refused().c_str());
  // Parts are no classes.
  tree.add("test/1.png", grey_png(1, 1, 1));
  QVERIFY2(has(tree.refused(), words), tree.refused().c_str());
  tree.request.dir = tree.data.path("train");
  QVERIFY2(has(tree.refused(), words), tree.refused().c_str());
}

void TestOwnImages::test_images_without_classes_are_told() {
  Tree tree;
  for (const char* name : {"cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"})
    tree.add(std::string("train/") + name, grey_png(1, 1, 1));
  tree.add("test/1.png", grey_png(1, 1, 1));
  tree.add("test/2.png", grey_png(1, 1, 1));
  const std::string words = tree.data.path("test") + " holds 2 images in no class folder, without labels";
  QVERIFY2(has(tree.refused(), words) && has(tree.refused(), "data.validation=0.1"), tree.refused().c_str());
  tree.request.validation = 0.5;
  const ImageData data = tree.load();
  QCOMPARE(data.test.count(), std::int64_t{0});
  QVERIFY2(has(data.train.note, words + ": they are left out"), data.train.note.c_str());
  // Another part with classes stands in.
  tree.add("val/cat/1.png", grey_png(1, 1, 1));
  const ImageData stood_in = tree.load();
  QCOMPARE(stood_in.test.count(), std::int64_t{1});
  const std::string tested = " is left out, and " + tree.data.path("val") + " is what is tested on";
  QVERIFY2(has(stood_in.train.note, words + ": it" + tested), stood_in.train.note.c_str());
  // Of two with classes one is taken, and said.
  tree.add("valid/cat/1.png", grey_png(1, 1, 1));
  const ImageData of_two = tree.load();
  QVERIFY2(has(of_two.train.note, tree.data.path("valid") + tested), of_two.train.note.c_str());
  QVERIFY(!has(of_two.train.note, tree.data.path("val") + " is left out"));
}

void TestOwnImages::formats_that_are_not_read_are_named() {
  Tree tree;
  tree.request.validation = 0.5;
  tree.add("cat/1.gif", text("GIF89a"));
  tree.add("dog/1.GIF", text("GIF89a"));
  QVERIFY2(has(tree.refused(), "2 GIF images, as cat/1.gif; PNG, JPEG and PPM are read"),
           tree.refused().c_str());
  // One class of them would leave a single one.
  tree.add("cat/1.png", grey_png(1, 1, 1));
  std::filesystem::remove(tree.data.path("cat/1.gif"));
  QVERIFY2(has(tree.refused(), "1 GIF image, as dog/1.GIF"), tree.refused().c_str());
  tree.add("emu/1.png", grey_png(1, 1, 1));
  const ImageSet set = tree.load().train;
  QCOMPARE(set.classes, 2);
  QVERIFY2(has(set.note, "1 file that is no PNG, JPEG or PPM left out, as dog/1.GIF"), set.note.c_str());
  Tree web;
  web.add("train/cat/1.webp", text("RIFF0000WEBP"));
  web.add("train/dog/1.webp", text("RIFF0000WEBP"));
  QVERIFY2(has(web.refused(), "2 WebP images, as cat/1.webp"), web.refused().c_str());
}

QTEST_APPLESS_MAIN(TestOwnImages)
#include "test_own_images.moc"
