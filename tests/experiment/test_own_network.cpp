// model.segments as text: what is read, what is refused and in which words, and the one text that a network
// has.
#include <QtTest>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/experiment/experiment.h"
#include "engine/experiment/own_network.h"
#include "engine/plans/plan.h"
#include "tests/support/refusal.h"

using namespace grapevine;
using Words = std::vector<std::string>;

class TestOwnNetwork : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void fields_are_read_and_defaults_are_the_layers();
  void every_field_of_every_layer_is_read_and_written_data();
  void every_field_of_every_layer_is_read_and_written();
  void a_name_means_one_member();
  void a_network_has_one_text();
  void a_file_with_segments_means_them();
  void segments_travel_through_files_and_commands();
  void what_is_wrong_is_named_with_its_place_data();
  void what_is_wrong_is_named_with_its_place();
  void an_own_network_without_layers_is_refused();
};

void TestOwnNetwork::fields_are_read_and_defaults_are_the_layers() {
  const auto segments = read_segments(
      R"([[{"type":"conv2d","out":8,"kernel":3,"stride":2,"padding":1,"bias":false},{"type":"max_pool2d","kernel":3}],
          [{"type":"residual","body":[{"type":"layer_norm","eps":0.001}]},{"type":"dropout","rate":0.5}]])");
  QCOMPARE(segments.size(), std::size_t{2});
  const LayerSpec &conv = segments[0][0], &pool = segments[0][1], &residual = segments[1][0];
  QVERIFY(conv.in == 0 && conv.out == 8 && conv.kernel == 3 && conv.stride == 2 && conv.padding == 1 &&
          !conv.bias);
  QCOMPARE(pool.stride, 3);  // a pool steps by its own size
  QVERIFY(residual.body.size() == 1 && residual.shortcut.empty());
  QCOMPARE(residual.body[0].eps, 0.001);
  QCOMPARE(segments[1][1].rate, 0.5);
  const auto text = read_segments(
      R"([[{"type":"embedding","out":8},{"type":"positions"},{"type":"fork","body":[{"type":"linear","out":6}]}],
          [{"type":"join","body":[{"type":"linear","out":8}]},{"type":"attention","heads":2,"rate":0.1}]])");
  const LayerSpec &embedding = text[0][0], &join = text[1][0], &attention = text[1][1];
  QVERIFY(embedding.in == 0 && embedding.out == 8 && join.in == 0 && join.body.size() == 1);
  QVERIFY(attention.features == 0 && attention.heads == 2 && attention.rate == 0.1 && attention.causal);
  QVERIFY(read_segments("").empty() && read_segments("[]").empty());
}

namespace {

using Json = nlohmann::ordered_json;

/// What the field may be and is not by default; another for each place in its layer.
Json another_value(const LayerField& field, std::size_t place) {
  const auto number = static_cast<std::int64_t>(place);
  switch (field.kind) {
    case FieldKind::count:
    case FieldKind::padding:
      return 11 + number;
    case FieldKind::flag:
      return false;
    case FieldKind::share:
    case FieldKind::positive:
      return 0.25 + static_cast<double>(place) / 64;
    case FieldKind::layers:
      return Json::array({{{"type", "dropout"}, {"rate", 0.5 + static_cast<double>(place) / 64}}});
  }
  return {};
}

std::string text_of(const LayerType& type, const std::vector<LayerField>& fields) {
  Json layer{{"type", type.name()}};
  for (std::size_t i = 0; i < fields.size(); ++i) layer[fields[i].name] = another_value(fields[i], i);
  return Json::array({Json::array({layer})}).dump();
}

}  // namespace

void TestOwnNetwork::every_field_of_every_layer_is_read_and_written_data() {
  QTest::addColumn<QString>("text");
  for (const LayerType& type : layer_types()) {
    std::vector<LayerField> needed;
    for (const LayerField& field : type.fields)
      if (field.needed) needed.push_back(field);
    QTest::addRow("%s", type.name()) << QString::fromStdString(text_of(type, type.fields));
    QTest::addRow("%s, what it needs", type.name()) << QString::fromStdString(text_of(type, needed));
  }
}

void TestOwnNetwork::every_field_of_every_layer_is_read_and_written() {
  QFETCH(QString, text);
  QCOMPARE(QString::fromStdString(write_segments(read_segments(text.toStdString()))), text);
}

// A field that is kept in another's place would be read and written back all the same.
void TestOwnNetwork::a_name_means_one_member() {
  std::map<std::string, decltype(LayerField::at)> members;
  for (const LayerType& type : layer_types())
    for (const LayerField& field : type.fields) {
      const auto& known = members.emplace(field.name, field.at).first->second;
      QVERIFY2(known == field.at, (std::string(type.name()) + ", " + field.name).c_str());
    }
  const LayerSpec layer = read_segments(
      R"([[{"type":"join","in":7,"body":[{"type":"relu"}],"shortcut":[{"type":"tanh"},{"type":"relu"}]}]])")
      [0][0];
  QVERIFY(layer.in == 7 && layer.body.size() == 1 && layer.shortcut.size() == 2);
}

void TestOwnNetwork::a_network_has_one_text() {
  const std::string text =
      R"([[{"type":"conv2d","out":8,"kernel":3},{"type":"avg_pool2d","kernel":2,"stride":1}],[{"type":"residual","body":[]}]])";
  QCOMPARE(write_segments(read_segments(text)), text);
  QCOMPARE(write_segments(read_segments(
               R"([ [{"bias":true, "kernel":3,"out":8,"type":"conv2d","padding":0,"stride":1},
      {"stride":1,"kernel":2,"type":"avg_pool2d"}], [{"type":"residual","shortcut":[],"body":[]}] ])")),
           text);
}

void TestOwnNetwork::a_file_with_segments_means_them() {
  const std::string layers = R"("segments": [[{"type": "flatten"}, {"type": "linear", "out": 10}]])";
  const auto racer = [](const std::string& document) {
    return make_plan(document, "a.json", {}).racers.front();
  };
  QCOMPARE(racer("{\"model\": {" + layers + "}}").text("model.name"), std::string("custom"));
  QCOMPARE(racer("{\"model\": {\"name\": \"mlp\", " + layers + "}}").text("model.name"), std::string("mlp"));
  QCOMPARE(racer("{\"model\": {\"segments\": []}}").text("model.name"), std::string("mlp"));
  const auto set = [](const Words& sets) {
    return make_plan("", "", {sets, {}}).racers.front().text("model.name");
  };
  QCOMPARE(set({"model.segments=[[{\"type\":\"relu\"}]]"}), std::string("custom"));
  QCOMPARE(set({"model.segments=[[{\"type\":\"relu\"}]]", "model.name=mlp"}), std::string("mlp"));
}

void TestOwnNetwork::segments_travel_through_files_and_commands() {
  const ExperimentPlan plan = make_plan(
      R"({"model": {"segments": [[{"type": "flatten"}, {"type": "linear", "out": 10}]]}})", "a.json", {});
  QCOMPARE(make_plan(plan_to_json(plan).dump(), "b.json", {}).racers, plan.racers);
  Overrides overrides;
  overrides.sets = plan.racers.front().differences();
  QCOMPARE(make_plan("", "", overrides).racers, plan.racers);
}

void TestOwnNetwork::what_is_wrong_is_named_with_its_place_data() {
  QTest::addColumn<QString>("segments");
  QTest::addColumn<QStringList>("words");
  const auto row = [](const char* name, const char* segments, const QStringList& words) {
    QTest::newRow(name) << segments << words;
  };
  row("no list", R"({"type":"relu"})", {"model.segments", "list of segments"});
  row("no JSON", "[[", {"model.segments", "list of segments"});
  row("a layer for a segment", R"([[{"type":"relu"}],{"type":"relu"}])", {"segment 2", "list of one layer"});
  row("an empty segment", "[[]]", {"segment 1", "list of one layer"});
  row("no object", R"([["relu"]])", {"segment 1, layer 1", "expected an object"});
  row("no type", R"([[{"out":3}]])", {"segment 1, layer 1", "needs its type"});
  row("another type", R"([[{"type":"relu"},{"type":"liner"}]])",
      {"segment 1, layer 2", "'liner'", "did you mean linear"});
  row("no type at all", R"([[{"type":"perceptron"}]])",
      {"there is no layer 'perceptron'", "expected one of linear, conv2d", "attention"});
  row("another field", R"([[{"type":"linear","outs":3}]])",
      {"segment 1, layer 1 (linear)", "'outs'", "did you mean out"});
  row("a field of others", R"([[{"type":"linear","out":3,"kernel":3}]])",
      {"'kernel'", "it has in, out, bias"});
  row("missing", R"([[{"type":"conv2d","out":3}]])", {"segment 1, layer 1 (conv2d)", "kernel is missing"});
  row("zero", R"([[{"type":"linear","out":0}]])", {"out=0 is not allowed", "a whole number from 1"});
  row("no whole number", R"([[{"type":"linear","out":2.5}]])", {"out=2.5"});
  row("too large", R"([[{"type":"linear","out":99999999999}]])", {"out=99999999999"});
  row("a share", R"([[{"type":"dropout","rate":1}]])", {"rate=1", "below 1"});
  row("a word", R"([[{"type":"linear","out":3,"bias":"no"}]])", {"bias=\"no\"", "true or false"});
  row("no heads", R"([[{"type":"attention","heads":0}]])", {"heads=0", "a whole number from 1"});
  row("attention to what comes later", R"([[{"type":"attention","causal":false}]])",
      {"'causal'", "it has features, heads, rate"});
  row("in a body", R"([[{"type":"relu"}],[{"type":"residual","body":[{"type":"relu"},{"type":"conv2d"}]}]])",
      {"segment 2, layer 1 (residual), body layer 2 (conv2d)", "out is missing"});
}

void TestOwnNetwork::what_is_wrong_is_named_with_its_place() {
  QFETCH(QString, segments);
  QFETCH(QStringList, words);
  const std::string given = segments.toStdString();
  const QString message = QString::fromStdString(refusal([&] {
    make_plan("", "", {{"model.name=custom", "model.segments=" + given}, {}});
  }));
  for (const QString& word : words) QVERIFY2(message.contains(word), qPrintable(message));
}

void TestOwnNetwork::an_own_network_without_layers_is_refused() {
  const std::string message = refusal([] { make_plan("", "", {{"model.name=custom"}, {}}); });
  QVERIFY2(has(message, "model.segments is empty"), message.c_str());
}

QTEST_APPLESS_MAIN(TestOwnNetwork)
#include "test_own_network.moc"
