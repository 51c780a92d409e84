// The layer inspector: what it asks for, what it shows of what it is given, how it is read by keyboard and
// mouse, and what leaves it.
#include <QComboBox>
#include <QFile>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include "engine/weights/parameter_file.h"
#include "ui/panels/inspector/charts.h"
#include "ui/panels/inspector/inspector_dock.h"
#include "ui/panels/inspector/inspector_table.h"
#include "ui/panels/inspector/picture_files.h"

using namespace grapevine;

namespace {

/// Two classes, three features: B = 2 J̄ + what stands in the first row alone.
Inspection small(int racer, int point, std::int64_t step = 7) {
  Inspection found;
  found.racer = racer;
  found.point = point;
  found.step = step;
  found.classes = 2;
  found.features = 3;
  found.shape = {3};
  found.samples = 4;
  found.jacobian = {2, 3, {0, 0, 0, 1, 3, 2}};
  found.feedback = {2, 3, {0.5F, 0, 0, 2, 6, 4}};
  found.estimate = {2, 3, {0, 0, 1, 1, 1, 1}};
  found.alpha = 2;
  found.cos_b_j = 0.99;
  found.column_cosines = {0.97F, 1, 1};
  found.sample_angles = {10, 20, 30, 100};
  found.singular_feedback = {7.5, 0.4};
  found.singular_jacobian = {3.7, 0};
  found.activations = {1, 0.5, 0.25, 0, {0, 2, {1, 2, 1}}};
  found.bounds = {{"cos(Ĵ, J̄), equation 4", 0.3, 0.02, "holds sometimes", "a shared trace"},
                  {"cos(B, J̄), Lemma B.2", 0.9, -0.5, "holds for any three matrices", ""}};
  return found;
}

std::shared_ptr<const InspectionSet> set_of(InspectionSet all) {
  return std::make_shared<const InspectionSet>(std::move(all));
}

std::vector<InspectedRacer> two_racers() {
  return {{0, "BP", 0xff000000, true, 0}, {1, "GrAPE", 0xff008866, false, 2}};
}

/// Keys go to what has the focus.
void take_focus(QWidget& widget) {
  widget.activateWindow();
  QVERIFY(QTest::qWaitForWindowActive(&widget));
  widget.setFocus();
}

}  // namespace

class TestInspector : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void it_asks_for_what_it_shows() {
    InspectorDock dock;
    QSignalSpy asked(&dock, &InspectorDock::request_changed);
    QCOMPARE(dock.request().point, 0);  // nobody sees it
    dock.set_racers(two_racers(), 3);
    dock.inspect(-1, 2);
    take_focus(dock);
    QVERIFY(!asked.isEmpty());
    QCOMPARE(dock.request(), (InspectionRequest{{1}, 2}));  // the one with most to see
    dock.inspect(0, 3);
    QCOMPARE(dock.request(), (InspectionRequest{{0}, 3}));
    QTest::keyClick(&dock, Qt::Key_PageDown);
    QCOMPARE(dock.layer(), 2);
    QTest::keyClick(&dock, Qt::Key_PageUp);
    QCOMPARE(dock.layer(), 3);
    QSignalSpy left(&dock, &InspectorDock::left);
    QTest::keyClick(&dock, Qt::Key_Escape);
    QCOMPARE(left.size(), 1);
    QVERIFY(dock.isHidden());
    QCOMPARE(dock.request().point, 0);
    dock.inspect(-1, 1);
    dock.set_unavailable("stored");
    QCOMPARE(dock.request().point, 0);
  }

  void it_shows_what_it_is_given() {
    InspectorDock dock;
    dock.set_racers(two_racers(), 3);
    dock.inspect(1, 2);
    dock.resize(900, 900);
    dock.show_inspections(set_of({small(1, 2)}));
    QCOMPARE(dock.columns().size(), std::size_t{1});
    QVERIFY(dock.is_of_step(7));
    QVERIFY(!dock.is_of_step(8));
    const QString words = dock.columns().front()->sentence();
    for (const char* part : {"GrAPE, layer 2", "3 features", "2 classes", "Step 7", "median 25°",
                             "at least 0.02", "a shared trace", "below 0 it says nothing"})
      QVERIFY2(words.contains(QString::fromUtf8(part)), qPrintable(words));
    QVERIFY(!dock.grab().isNull());
    // What isn't chosen isn't shown.
    dock.show_inspections(set_of({small(0, 2), small(1, 2)}));
    QCOMPARE(dock.columns().size(), std::size_t{1});
    Inspection trouble;
    trouble.racer = 1;
    trouble.point = 2;
    trouble.trouble = "this racer has failed";
    dock.show_inspections(set_of({trouble}));
    QVERIFY(dock.columns().front()->sentence().contains("has failed"));
  }

  void the_arrows_read_entries() {
    InspectionColumn column;
    column.show_inspection(two_racers()[1], small(1, 2), {});
    column.resize(600, 800);
    column.show();
    QVERIFY(QTest::qWaitForWindowExposed(&column));
    const QList<MatrixImage*> images = column.findChildren<MatrixImage*>();
    QCOMPARE(images.size(), 4);
    MatrixImage* b = images.front();
    QTest::keyClick(b, Qt::Key_Down);  // to the first entry
    QTest::keyClick(b, Qt::Key_Down);
    // Features by the length of J̄'s columns: 1, 2, 0.
    QVERIFY2(b->sentence().contains("Class 1, feature 1: 6"), qPrintable(b->sentence()));
    QTest::keyClick(b, Qt::Key_Right);
    QVERIFY(b->sentence().contains("Class 1, feature 2: 4"));
    QVERIFY(images[2]->sentence().contains("Class 1, feature 2: 2"));
    QTest::keyClick(b, Qt::Key_Right);
    QTest::keyClick(b, Qt::Key_Right);
    QVERIFY(b->sentence().contains("feature 0"));  // the end
  }

  void a_convolution_is_channels_by_positions() {
    Inspection found = small(1, 1);
    found.features = 8;
    found.shape = {2, 2, 2};
    found.jacobian = found.estimate = {};
    found.feedback = {2, 8, {}};
    for (int i = 0; i < 16; ++i) found.feedback.values.push_back(static_cast<float>(i));
    found.column_cosines.clear();
    InspectionColumn column;
    column.show_inspection(two_racers()[1], found,
                           {.longest_first = true, .one_scale = false, .one_class = 1});
    column.resize(600, 800);
    column.show();
    MatrixImage* b = column.findChildren<MatrixImage*>().front();
    QTest::keyClick(b, Qt::Key_Down);
    QTest::keyClick(b, Qt::Key_Down);  // to channel 1, position 0
    QVERIFY2(b->sentence().contains("Class 1, feature 4: 12"), qPrintable(b->sentence()));
  }

  void what_is_left_over_is_at_right_angles_to_the_jacobian() {
    Inspection found = small(0, 1);
    // ⟨B, J̄⟩/⟨J̄, J̄⟩ = (2 + 18 + 8)/14.
    QCOMPARE(found.alpha, 28.0 / 14);
    const Matrix rest = left_over(found);
    double dot = 0;
    for (std::size_t i = 0; i < rest.values.size(); ++i) dot += rest.values[i] * found.jacobian.values[i];
    QVERIFY(std::abs(dot) < 1e-6);
    QCOMPARE(rest.at(0, 0), 0.5F);
    found.jacobian = {};
    QVERIFY(left_over(found).empty());
  }

  void numbers_leave_for_numpy_and_tables() {
    QTemporaryDir folder;
    const QString file = folder.filePath("layer.npz");
    QCOMPARE(write_text(file, inspection_npz(small(1, 2), "GrAPE")), QString());
    const ParameterFile read = read_parameters(file.toStdString());
    const Array* b = read.find("feedback");
    QVERIFY(b);
    QCOMPARE(b->shape, (std::vector<std::int64_t>{2, 3}));
    float sixth = 0;
    std::memcpy(&sixth, b->bytes.data() + 4 * sizeof(float), sizeof sixth);
    QCOMPARE(sixth, 6.0F);
    QVERIFY(read.find("sample_angles") && read.find("left_over") && read.find("eq4_bound"));
    const QString table = QString::fromStdString(inspection_csv(small(1, 2)));
    QVERIFY(table.startsWith("quantity,row,column,value\n"));
    QVERIFY(table.contains("\nfeedback,1,1,6\n"));
    QVERIFY(table.contains("\nalpha,,,2\n"));
    QCOMPARE(matrix_csv({1, 2, {0.1F, std::nanf("")}}), std::string("class,feature,value\n0,0,0.1\n0,1,\n"));
    QCOMPARE(histogram_csv({0, 1, {3, 4}}), std::string("from,to,count\n0,0.5,3\n0.5,1,4\n"));
  }

  void a_picture_that_cannot_be_written_says_why() {
    QTemporaryDir folder;
    QImage image(4, 4, QImage::Format_RGB32);
    image.fill(Qt::white);
    QCOMPARE(write_png(folder.filePath("a.png"), image), QString());
    QVERIFY(!QImage(folder.filePath("a.png")).isNull());
    QVERIFY(!write_png(folder.filePath("no such folder/a.png"), image).isEmpty());
    QCOMPARE(file_stem(QStringLiteral("Columns: cos(B, J̄)")), QStringLiteral("Columns-cos-B-J"));
  }

  void helpers_count_and_sort() {
    QCOMPARE(histogram_of({-2, 0, 0.4F, 1, std::nanf("")}, 0, 1, 2).counts,
             (std::vector<std::int64_t>{3, 1}));
    QCOMPARE(median_of({3, 1, std::nanf(""), 2}), 2.0);
    QCOMPARE(median_of({4, 1, 3, 2}), 2.5);
    QVERIFY(std::isnan(median_of({})));
    QCOMPARE(longest_first({2, 3, {0, 2, 1, 3, 0, 0}}, 3), (std::vector<std::int64_t>{0, 1, 2}));
    QCOMPARE(longest_first({}, 2), (std::vector<std::int64_t>{0, 1}));
    QCOMPARE(size_of_share({1, 5, {1, -5, 2, 3, 4}}, 1), 5.0);
    QCOMPARE(size_of_share({1, 5, {1, -5, 2, 3, 4}}, 0.5), 3.0);
  }

  void its_twin_is_a_table() {
    InspectorDock dock;
    dock.set_racers(two_racers(), 3);
    dock.inspect(1, 2);
    dock.show_inspections(set_of({small(1, 2)}));
    InspectorTable table(dock.columns());
    QVERIFY(!dock.columns().front()->numbers().empty());
  }
};

QTEST_MAIN(TestInspector)
#include "test_inspector.moc"
