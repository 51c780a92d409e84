// The painters that need no OpenGL: QPainter and SVG.
#include <QImage>
#include <QPainter>
#include <QXmlStreamReader>
#include <QtTest>
#include <cmath>

#include "ui/plot/qpainter_painter.h"
#include "ui/plot/svg_painter.h"

namespace grapevine {
namespace {

constexpr Colour kRed = 0xffff0000;
constexpr Colour kBlue = 0xff0000ff;

void draw_everything(Painter& painter) {
  painter.fill_rect({0, 0, 100, 80}, 0xffffffff);
  {
    const ClipGuard clip(painter, {10, 10, 40, 40});
    painter.fill_rect({0, 0, 100, 80}, kBlue);
  }
  const std::vector<Point> level = {{0, 60.5}, {100, 60.5}};
  painter.polyline(level, {kRed, 3, Dash::solid});
  painter.fill_triangle({70, 10}, {90, 10}, {80, 30}, kRed);
  painter.fill_circle({70, 45}, 6, kBlue);
  painter.fill_polygon(std::vector<Point>{{80, 32}, {98, 32}, {98, 50}, {89, 52}, {80, 50}}, kRed);
  painter.text({95, 70}, "J\u0304 < δ & \"x\"",
               {0xff000000, TextSize::normal, AlignX::right, AlignY::middle});
}

bool is(const QImage& image, int x, int y, Colour colour) {
  return image.pixel(x, y) == colour;
}

}  // namespace

class TestPainters : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void qpainter_draws_and_clips() {
    QImage image(100, 80, QImage::Format_ARGB32);
    image.fill(Qt::black);
    {
      QPainter qt(&image);
      QPainterPainter painter(qt);
      draw_everything(painter);
      QVERIFY(painter.points_drawn() >= 2);
    }
    QVERIFY(is(image, 2, 2, 0xffffffff));
    QVERIFY(is(image, 12, 12, kBlue) && is(image, 48, 48, kBlue));
    QVERIFY(!is(image, 8, 12, kBlue) && !is(image, 52, 48, kBlue));
    QVERIFY(is(image, 30, 60, kRed));
    QVERIFY(is(image, 80, 14, kRed) && !is(image, 72, 28, kRed));
    QVERIFY(is(image, 70, 45, kBlue));
    QVERIFY(is(image, 89, 40, kRed));
    bool ink = false;
    for (int x = 40; x < 96; ++x) ink = ink || qGray(image.pixel(x, 70)) < 100;
    QVERIFY(ink);
  }

  void a_noisy_line_is_drawn_whole() {
    // Cut into pieces or not, every column of a zigzag must carry ink from top to bottom.
    QImage image(200, 60, QImage::Format_ARGB32);
    image.fill(Qt::white);
    std::vector<Point> zigzag;
    for (int i = 0; i < 400; ++i) zigzag.push_back({i / 2.0, i % 2 == 0 ? 10.0 : 50.0});
    {
      QPainter qt(&image);
      QPainterPainter painter(qt);
      painter.polyline(zigzag, {kRed, 2, Dash::solid});
    }
    for (int x = 2; x < 198; ++x) {
      for (const int y : {14, 30, 46}) QVERIFY(qGreen(image.pixel(x, y)) < 128);
    }
  }

  void measures_grow_with_text_and_size() {
    QImage image(10, 10, QImage::Format_ARGB32);
    QPainter qt(&image);
    QPainterPainter painter(qt);
    QVERIFY(painter.measure("mm", TextSize::small).width > painter.measure("m", TextSize::small).width * 1.5);
    QVERIFY(painter.measure("mm", TextSize::title).width > painter.measure("mm", TextSize::small).width);
  }

  void svg_is_sound_xml_with_the_same_shapes() {
    SvgPainter painter({100, 80},
                       [](std::string_view text) { return 6.0 * static_cast<double>(text.size()); });
    draw_everything(painter);
    QXmlStreamReader xml(QByteArray::fromStdString(painter.document()));
    QMap<QString, int> elements;
    QString text;
    QString points;
    while (!xml.atEnd()) {
      xml.readNext();
      if (xml.isStartElement()) {
        ++elements[xml.name().toString()];
        if (xml.name() == u"polyline") points = xml.attributes().value("points").toString();
      }
      if (xml.isCharacters() && !xml.isWhitespace()) text += xml.text();
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QCOMPARE(elements["polyline"], 1);
    QCOMPARE(elements["circle"], 1);
    QCOMPARE(elements["polygon"], 2);
    QCOMPARE(elements["clipPath"], 1);
    QCOMPARE(points, QString("0,60.5 100,60.5"));
    QCOMPARE(text, QString::fromUtf8("J\u0304 < δ & \"x\""));
  }
};

}  // namespace grapevine

QTEST_MAIN(grapevine::TestPainters)
#include "test_painters.moc"
