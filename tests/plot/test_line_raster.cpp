// Lines of many points drawn to pixels of our own: against areas worked out by hand, and against QPainter.
#include <QImage>
#include <QPainter>
#include <QPainterPath>
#include <QtTest>
#include <cmath>
#include <numbers>

#include "ui/plot/line_raster.h"
#include "ui/plot/qpainter_painter.h"

namespace grapevine {
namespace {

constexpr Colour kInk = 0xff204060;

int alpha_at(const LineRaster& raster, int x, int y) {
  return alpha_of(raster.pixels()[static_cast<std::size_t>(y * raster.width() + x)]);
}

/// How many pixels a layer's ink would fill.
double ink_of(const LineRaster& raster) {
  double sum = 0;
  for (const Colour pixel : raster.pixels()) sum += alpha_of(pixel) / 255.0;
  return sum;
}

std::vector<Point> wave(int count, double width, double height) {
  std::vector<Point> points;
  for (int i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / (count - 1);
    points.push_back({2 + share * width, 10 + height * (0.5 + 0.5 * std::sin(9 * share))});
  }
  return points;
}

/// To and fro between two heights, twice in every pixel column.
std::vector<Point> zigzag(int columns, double top, double bottom) {
  std::vector<Point> points;
  for (int i = 0; i < 4 * columns; ++i) points.push_back({i / 4.0, i % 2 == 0 ? top : bottom});
  return points;
}

QImage drawn(const std::vector<Point>& points, const Stroke& stroke, const Rect& clip, double ratio = 1) {
  QImage image(QSize(200, 80) * ratio, QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(ratio);
  image.fill(Qt::white);
  QPainter qt(&image);
  QPainterPainter painter(qt);
  const ClipGuard guard(painter, clip);
  painter.polyline(points, stroke);
  return image;
}

}  // namespace

class TestLineRaster : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_disc_covers_its_area_and_nothing_beside_it() {
    LineRaster raster;
    raster.reset(40, 40);
    raster.disc({20.3, 19.6}, 4, kInk);
    const double area = std::numbers::pi * 16;
    QVERIFY(std::abs(ink_of(raster) - area) < 0.02 * area);
    QCOMPARE(alpha_at(raster, 20, 19), 255);
    QCOMPARE(alpha_at(raster, 26, 19), 0);
    const Rect touched = raster.touched();
    QVERIFY(touched.x >= 14 && touched.x + touched.width <= 27);
    // Cut at the layer's corner: a quarter is left.
    raster.reset(40, 40);
    raster.disc({0, 0}, 4, kInk);
    QVERIFY(std::abs(ink_of(raster) - area / 4) < 0.05 * area);
    raster.disc({-50, 90}, 4, kInk);  // nothing of it is on the layer
  }

  void a_level_line_covers_its_width() {
    LineRaster raster;
    raster.reset(60, 20);
    raster.draw(std::vector<Point>{{5, 10}, {30, 10}, {45, 10}}, {kInk, 3, Dash::solid});
    // 40 pixels long, from 8.5 to 11.5.
    QVERIFY(std::abs(ink_of(raster) - 120) < 0.7);
    QCOMPARE(alpha_at(raster, 20, 9), 255);
    QCOMPARE(alpha_at(raster, 20, 10), 255);
    QVERIFY(std::abs(alpha_at(raster, 20, 8) - 128) <= 1 && std::abs(alpha_at(raster, 20, 11) - 128) <= 1);
    QCOMPARE(alpha_at(raster, 20, 7), 0);
    QCOMPARE(alpha_at(raster, 4, 10), 0);
    QCOMPARE(raster.pixels()[10 * 60 + 20], kInk);
  }

  void a_slanted_line_has_the_area_of_its_length() {
    for (const Point end : {Point{50, 15}, Point{50, 50}, Point{15, 55}, Point{5, 55}, Point{55, 5}}) {
      LineRaster raster;
      raster.reset(60, 60);
      raster.draw(std::vector<Point>{{5, 5}, end}, {kInk, 2, Dash::solid});
      const double area = 2 * std::hypot(end.x - 5, end.y - 5);
      QVERIFY2(std::abs(ink_of(raster) - area) < 0.04 * area + 1,
               qPrintable(QString::number(ink_of(raster))));
    }
  }

  // Where a line crosses itself it is not darker than elsewhere.
  void a_pale_line_is_nowhere_blended_with_itself() {
    LineRaster raster;
    raster.reset(40, 40);
    raster.draw(std::vector<Point>{{5, 5}, {35, 35}, {35, 5}, {5, 35}},
                {with_alpha(kInk, 0.5), 2, Dash::solid});
    int darkest = 0;
    for (const Colour pixel : raster.pixels()) darkest = std::max(darkest, alpha_of(pixel));
    QCOMPARE(darkest, 128);
    // Another one over it is.
    raster.draw(std::vector<Point>{{0, 20}, {40, 20}}, {with_alpha(kInk, 0.5), 4, Dash::solid});
    QVERIFY(std::abs(alpha_at(raster, 20, 20) - 191) <= 2);
  }

  void a_noisy_line_fills_its_columns() {
    LineRaster raster;
    raster.reset(50, 40);
    raster.draw(zigzag(50, 10, 30), {kInk, 2, Dash::solid});
    for (int x = 0; x < 49; ++x)
      for (int y = 0; y < 40; ++y) QCOMPARE(alpha_at(raster, x, y), y >= 9 && y < 31 ? 255 : 0);
  }

  // Dashes of such a line follow time, not its way up and down: 5 widths of line, 3 without.
  void dashes_of_a_noisy_line_are_columns() {
    LineRaster raster;
    raster.reset(50, 40);
    raster.draw(zigzag(50, 10, 30), {kInk, 2, Dash::dashed});
    for (int x = 0; x < 48; ++x) QCOMPARE(alpha_at(raster, x, 20), x % 16 < 10 ? 255 : 0);
  }

  void what_lies_outside_is_cut() {
    LineRaster raster;
    raster.reset(20, 20);
    raster.draw(std::vector<Point>{{-500, -900}, {400, 700}, {10, 9000}, {1e7, -1e7}},
                {kInk, 3, Dash::solid});
    raster.draw(zigzag(90, -8000, 8000), {kInk, 1, Dash::solid});
    QCOMPARE(alpha_at(raster, 10, 10), 255);
    raster.reset(20, 20);
    QCOMPARE(ink_of(raster), 0.0);
    QCOMPARE(raster.touched().width, 0.0);
  }

  void it_looks_as_qpainter_draws_it() {
    for (const double width : {1.0, 2.0, 3.0})
      for (const double ratio : {1.0, 2.0}) {
        const std::vector<Point> points = wave(400, 190, 55);
        const QImage ours = drawn(points, {kInk, width, Dash::solid}, {0, 0, 200, 80}, ratio);
        QImage theirs(ours.size(), ours.format());
        theirs.setDevicePixelRatio(ratio);
        theirs.fill(Qt::white);
        QPainter qt(&theirs);
        qt.setRenderHint(QPainter::Antialiasing);
        QPainterPath path({points.front().x, points.front().y});
        for (const Point& p : points) path.lineTo(p.x, p.y);
        // Its outline, filled: thin pens take a way of their own, which is paler than their width.
        QPainterPathStroker pen;
        pen.setWidth(width);
        pen.setCapStyle(Qt::FlatCap);
        pen.setJoinStyle(Qt::BevelJoin);
        QPainterPath outline = pen.createStroke(path);
        outline.setFillRule(Qt::WindingFill);
        qt.fillPath(outline, QColor::fromRgb(kInk));
        qt.end();
        // Ours looks along one axis, at the middle of a pixel: as much ink, a little sharper.
        double apart = 0, our_ink = 0, their_ink = 0;
        for (int y = 0; y < ours.height(); ++y)
          for (int x = 0; x < ours.width(); ++x) {
            our_ink += 255 - qRed(ours.pixel(x, y));
            their_ink += 255 - qRed(theirs.pixel(x, y));
            apart += std::abs(qRed(ours.pixel(x, y)) - qRed(theirs.pixel(x, y)));
          }
        QVERIFY2(std::abs(our_ink / their_ink - 1) < 0.03, qPrintable(QString::number(our_ink / their_ink)));
        QVERIFY2(apart / their_ink < 0.12, qPrintable(QString::number(apart / their_ink)));
      }
  }

  void nothing_leaves_the_clip() {
    const Rect clip = {40, 20, 100, 30};
    for (const double ratio : {1.0, 1.25, 2.0}) {
      const QImage image = drawn(wave(300, 190, 55), {kInk, 2, Dash::solid}, clip, ratio);
      int inside = 0;
      for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
          if (image.pixel(x, y) == 0xffffffff) continue;
          ++inside;
          QVERIFY(x >= std::floor(40 * ratio) && x < std::ceil(140 * ratio));
          QVERIFY(y >= std::floor(20 * ratio) && y < std::ceil(50 * ratio));
        }
      QVERIFY(inside > 50);
    }
  }

  // What is drawn after a line lies over it, what was drawn before beneath.
  void the_order_is_kept() {
    QImage image(200, 80, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    {
      QPainter qt(&image);
      QPainterPainter painter(qt);
      const ClipGuard guard(painter, {0, 0, 200, 80});
      std::vector<Point> level;
      for (int i = 0; i < 200; ++i) level.push_back({static_cast<double>(i), 40.0});
      painter.fill_rect({0, 0, 80, 80}, 0xff00ff00, 0);
      painter.polyline(level, {kInk, 4, Dash::solid});
      painter.fill_rect({120, 0, 80, 80}, 0xffff0000, 0);
    }
    QCOMPARE(image.pixel(40, 40), QRgb(kInk));
    QCOMPARE(image.pixel(100, 40), QRgb(kInk));
    QCOMPARE(image.pixel(160, 40), QRgb(0xffff0000));
  }
};

}  // namespace grapevine

QTEST_MAIN(grapevine::TestLineRaster)
#include "test_line_raster.moc"
