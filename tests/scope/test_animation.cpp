// What moves: needles between two probes, and the film of a stretch of a run, read back by another decoder.
#include <QImageReader>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>

#include "engine/error.h"
#include "tests/scope/made_runs.h"
#include "ui/scope/animation_dialog.h"
#include "ui/scope/figures/needle_motion.h"
#include "ui/scope/gif_file.h"
#include "ui/scope/stage_animation.h"

namespace grapevine {
namespace {

QList<QImage> read_back(const QByteArray& bytes, QList<int>* delays = nullptr, int* loops = nullptr) {
  QBuffer buffer;
  buffer.setData(bytes);
  buffer.open(QIODevice::ReadOnly);
  QImageReader reader(&buffer, "gif");
  QList<QImage> frames;
  for (QImage frame = reader.read(); !frame.isNull(); frame = reader.read()) {
    frames << frame.convertToFormat(QImage::Format_RGB32);
    if (delays) *delays << reader.nextImageDelay();
  }
  if (loops) *loops = reader.loopCount();
  return frames;
}

QImage picture(QSize size, QRgb ground, const QRect& patch, QRgb ink) {
  QImage image(size, QImage::Format_RGB32);
  image.fill(ground);
  for (int y = patch.top(); y <= patch.bottom(); ++y)
    for (int x = patch.left(); x <= patch.right(); ++x) image.setPixel(x, y, ink);
  return image;
}

StageData stage_with(double angle) {
  StageData stage;
  StageColumn column;
  StageDial dial;
  dial.point = 1;
  dial.angle = angle;
  dial.low = angle - 10;
  dial.high = angle + 10;
  column.dials.push_back(dial);
  stage.columns.push_back(column);
  return stage;
}

}  // namespace

class TestAnimation : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void pictures_come_back_as_they_were() {
    const QSize size(61, 37);
    const QList<QImage> written = {picture(size, 0xff102030, QRect(3, 4, 10, 6), 0xfff0a000),
                                   picture(size, 0xff102030, QRect(20, 4, 10, 6), 0xfff0a000),
                                   picture(size, 0xff102030, QRect(20, 4, 10, 6), 0xfff0a000),
                                   picture(size, 0xffffffff, QRect(0, 0, 61, 1), 0xff000000)};
    GifFile file(size);
    for (const QImage& each : written) file.add(each, 12);
    QList<int> delays;
    int loops = 0;
    const QByteArray bytes = file.finish();
    QVERIFY(bytes.startsWith("GIF89a") && bytes.endsWith(';'));
    const QList<QImage> read = read_back(bytes, &delays, &loops);
    QCOMPARE(read, written);
    QCOMPARE(loops, -1);  // for ever
    QVERIFY(std::all_of(delays.begin(), delays.end(), [](int delay) { return delay == 120; }));
  }

  // 4,096 colours: each comes back as one near it.
  void too_many_colours_are_brought_down() {
    QImage many(64, 64, QImage::Format_RGB32);
    for (int y = 0; y < 64; ++y)
      for (int x = 0; x < 64; ++x) many.setPixel(x, y, qRgb(4 * x, 4 * y, 2 * (x + y)));
    GifFile file(many.size());
    file.add(many, 5);
    const QList<QImage> read = read_back(file.finish());
    QCOMPARE(read.size(), 1);
    double apart = 0;
    for (int y = 0; y < 64; ++y)
      for (int x = 0; x < 64; ++x) apart += std::abs(qRed(read[0].pixel(x, y)) - 4 * x);
    QVERIFY2(apart / 4096 < 16, qPrintable(QString::number(apart / 4096)));
  }

  void a_film_shows_measured_times() {
    const std::vector<RunData> runs = made_runs(200);
    ScopeModel model;
    model.set_runs(pointers_to(runs), labels_of(runs));
    model.advance();
    ScopeLook look;
    // Measured every tenth step.
    AnimationWish wish{35, 140, 100, 500, 100};
    QCOMPARE(animation_steps(model, wish).size(), std::size_t{11});
    wish.pictures = 4;
    QCOMPARE(animation_steps(model, wish), (std::vector<std::int64_t>{40, 70, 100, 140}));
    const auto stretch = measured_stretch(model);
    QCOMPARE(stretch->first, std::int64_t{10});
    QCOMPARE(stretch->second, std::int64_t{200});
    StageAnimation film(model, look, wish);
    QTemporaryDir folder;
    const QString file = folder.filePath("film.gif");
    film.write(file);
    QCOMPARE(film.drawn(), 4);
    QVERIFY(!model.held);  // the window's own stays
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    const QList<QImage> read = read_back(written.readAll());
    QCOMPARE(read.size(), 4);
    QCOMPARE(read[0].width(), 500);
    QVERIFY(read[0] != read[1] && read[2] != read[3]);
    QVERIFY_THROWS_EXCEPTION(InputError, StageAnimation(model, look, AnimationWish{11, 19, 5, 500, 100}));
    QVERIFY_THROWS_EXCEPTION(Error, StageAnimation(model, look, wish).write("/no/such/folder/film.gif"));
  }

  void the_dialog_writes_and_is_cancelled() {
    const std::vector<RunData> runs = made_runs(200);
    ScopeModel model;
    model.set_runs(pointers_to(runs), labels_of(runs));
    model.advance();
    const ScopeLook look;
    QTemporaryDir folder;
    AnimationDialog dialog(model, look, nullptr);
    QCOMPARE(dialog.wish().from, std::int64_t{10});
    QCOMPARE(dialog.wish().to, std::int64_t{200});
    QSignalSpy written(&dialog, &AnimationDialog::written);
    dialog.begin(folder.filePath("whole.gif"));
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, 60000);
    QVERIFY(QFileInfo::exists(folder.filePath("whole.gif")));
    AnimationDialog cancelled(model, look, nullptr);
    cancelled.begin(folder.filePath("half.gif"));
    cancelled.reject();
    QVERIFY(!cancelled.isVisible());
    QTest::qWait(50);
    QVERIFY(!QFileInfo::exists(folder.filePath("half.gif")));
    AnimationDialog refused(model, look, nullptr);
    QSignalSpy trouble(&refused, &AnimationDialog::trouble);
    refused.begin("/no/such/folder/film.gif");
    QTRY_COMPARE_WITH_TIMEOUT(trouble.count(), 1, 60000);
  }

  // What happens while a film is drawn on its own thread does not reach it.
  void a_film_keeps_its_runs_as_they_were() {
    std::vector<RunData> runs = made_runs(100);
    ScopeModel model;
    model.set_runs(pointers_to(runs), labels_of(runs));
    model.advance();
    const AnimationWish wish{0, 1000, 100, 400, 100};
    QTemporaryDir folder;
    const QString alone = folder.filePath("alone.gif"), beside = folder.filePath("beside.gif");
    StageAnimation(model, {}, wish).write(alone);
    AnimationWork work(std::make_unique<StageAnimation>(model, ScopeLook(), wish), beside);
    for (std::int64_t step = 101; !work.is_over() || step < 200; ++step) {
      for (std::size_t r = 0; r < runs.size(); ++r) add_step(runs[r], static_cast<int>(r), step);
      QTest::qWait(1);
    }
    QVERIFY2(work.trouble().isEmpty(), qPrintable(work.trouble()));
    QCOMPARE(work.drawn(), 10);
    QFile one(alone), other(beside);
    QVERIFY(one.open(QIODevice::ReadOnly) && other.open(QIODevice::ReadOnly));
    QCOMPARE(other.readAll(), one.readAll());
  }

  void needles_turn_to_what_was_measured() {
    NeedleMotion motion;
    StageData stage = stage_with(90);
    motion.move(stage, 1000);
    QCOMPARE(stage.columns[0].dials[0].angle, 90.0);  // the first time at once
    QVERIFY(!motion.moving(1000));
    double last = 90;
    for (const double now : {1010.0, 1060.0, 1110.0, 1160.0}) {
      stage = stage_with(40);
      motion.move(stage, now);
      QVERIFY(motion.moving(now));
      const StageDial& dial = stage.columns[0].dials[0];
      QVERIFY(dial.angle <= last && dial.angle > 40);
      QVERIFY(std::abs(dial.high - dial.angle - 10) < 1e-9);
      last = dial.angle;
    }
    stage = stage_with(40);
    motion.move(stage, 1010 + NeedleMotion::kMs);
    QCOMPARE(stage.columns[0].dials[0].angle, 40.0);
    QVERIFY(!motion.moving(1010 + NeedleMotion::kMs));
    // Halfway it is halfway.
    stage = stage_with(80);
    motion.move(stage, 2000);
    stage = stage_with(80);
    motion.move(stage, 2000 + NeedleMotion::kMs / 2);
    QVERIFY(std::abs(stage.columns[0].dials[0].angle - 60) < 1e-9);
    // Of a needle that was not known nothing is between.
    stage = stage_with(kUnknown);
    motion.move(stage, 3000);
    QVERIFY(std::isnan(stage.columns[0].dials[0].angle));
    stage = stage_with(20);
    motion.move(stage, 3001);
    QCOMPARE(stage.columns[0].dials[0].angle, 20.0);
  }
};

}  // namespace grapevine

QTEST_MAIN(grapevine::TestAnimation)
#include "test_animation.moc"
