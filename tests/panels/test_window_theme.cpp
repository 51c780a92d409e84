// The window's colours: what a field's edge is drawn in.
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QTest>
#include <QVBoxLayout>

#include "ui/panels/window_theme.h"
#include "ui/plot/theme.h"

using namespace grapevine;

class TestWindowTheme : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void in_the_dark_a_field_has_an_edge_data();
  void in_the_dark_a_field_has_an_edge();
};

void TestWindowTheme::in_the_dark_a_field_has_an_edge_data() {
  QTest::addColumn<int>("place");
  QTest::newRow("text") << 0;
  QTest::newRow("number") << 1;
  QTest::newRow("choice") << 2;
}

// WCAG 2.1, 1.4.11: at least 3 to 1 against what lies next to it.
void TestWindowTheme::in_the_dark_a_field_has_an_edge() {
  QFETCH(int, place);
  apply_theme(*qApp, true);
  QWidget window;
  auto* column = new QVBoxLayout(&window);
  const std::vector<QWidget*> fields{new QLineEdit(&window), new QSpinBox(&window), new QComboBox(&window)};
  auto* first = new QLineEdit(&window);  // has the focus
  column->addWidget(first);
  for (QWidget* field : fields) column->addWidget(field);
  window.resize(300, 200);
  window.show();
  first->setFocus();
  const QImage picture = window.grab().toImage();
  const QWidget& field = *fields.at(static_cast<std::size_t>(place));
  const QPoint edge = field.mapTo(&window, QPoint(0, field.height() / 2));
  const double found = contrast(picture.pixel(edge), picture.pixel(edge - QPoint(4, 0)));
  QVERIFY2(found >= 3, qPrintable(QString::number(found)));
}

QTEST_MAIN(TestWindowTheme)
#include "test_window_theme.moc"
