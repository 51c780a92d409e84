// What exists: every entry says all that forms, tables and documents take of it, and its key stands in its
// .def file in the same order.
#include <QFile>
#include <QRegularExpression>
#include <QtTest>
#include <map>
#include <set>

#include "engine/experiment/layer_type.h"
#include "engine/experiment/registry.h"

using namespace grapevine;

class TestRegistry : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void entries_are_complete();
  void layers_are_complete();
  void entries_stand_as_in_their_lists_data();
  void entries_stand_as_in_their_lists();
  void measures_are_complete();
  void a_probe_brings_its_measures_in_order();
  void what_a_probe_needs_belongs_together();
  void a_run_is_judged_by_one_score_a_phase();
  void each_needle_shows_one_measure();
  void each_rule_has_a_hue();
  void models_take_some_data_and_data_some_model();
  void data_sets_say_what_they_hold();
};

namespace {

template <class Descriptor>
void expect_complete(const std::vector<Descriptor>& all) {
  std::set<std::string> keys;
  for (const Descriptor& entry : all) {
    QVERIFY2(keys.insert(entry.key).second, (entry.key + " appears twice").c_str());
    QVERIFY2(!entry.name.empty() && !entry.help.empty(), entry.key.c_str());
    QVERIFY2(entry.help.back() != '.', (entry.key + ": a line of help ends without a full stop").c_str());
  }
}

template <class Descriptor>
QStringList keys_of(const std::vector<Descriptor>& all) {
  QStringList keys;
  for (const Descriptor& entry : all) keys << QString::fromStdString(entry.key);
  return keys;
}

QStringList keys_in(const QString& list) {
  QFile file(QStringLiteral(GRAPEVINE_SOURCE_DIR "/engine/") + list);
  if (!file.open(QIODevice::ReadOnly)) return {};
  const QRegularExpression entry(QStringLiteral(R"rx(^GRAPEVINE_[A-Z]+\(([a-z0-9_]+)\))rx"),
                                 QRegularExpression::MultilineOption);
  QStringList keys;
  for (auto all = entry.globalMatch(QString::fromUtf8(file.readAll())); all.hasNext();)
    keys << all.next().captured(1);
  return keys;
}

}  // namespace

void TestRegistry::entries_are_complete() {
  expect_complete(models());
  expect_complete(data_sets());
  for (const RuleDescriptor& rule : rules())
    QVERIFY2(!rule.help.empty() && !rule.name.empty(), rule.key.c_str());
}

void TestRegistry::layers_are_complete() {
  std::set<std::string> names;
  for (const LayerType& type : layer_types()) {
    QVERIFY2(names.insert(type.name()).second, type.name());
    QVERIFY2(!std::string(type.help).empty(), type.name());
    std::set<std::string> fields;
    for (const LayerField& field : type.fields) QVERIFY2(fields.insert(field.name).second, type.name());
    QVERIFY2(!type.stride_is_kernel || (fields.count("kernel") && fields.count("stride")), type.name());
  }
}

void TestRegistry::entries_stand_as_in_their_lists_data() {
  QTest::addColumn<QStringList>("keys");
  QTest::addColumn<QString>("list");
  QStringList probe_keys;
  for (const ProbeDescriptor& probe : probes()) probe_keys << QString::fromStdString(probe.measure.key);
  QTest::newRow("rules") << keys_of(rules()) << QStringLiteral("rules/rules.def");
  QTest::newRow("models") << keys_of(models()) << QStringLiteral("models/models.def");
  QTest::newRow("data sets") << keys_of(data_sets()) << QStringLiteral("data/sets/sets.def");
  QStringList layer_names;
  for (const LayerType& type : layer_types()) layer_names << QLatin1String(type.name());
  QTest::newRow("layers") << layer_names << QStringLiteral("nn/layers/layers.def");
  QTest::newRow("measures") << probe_keys << QStringLiteral("probes/measures/measures.def");
}

void TestRegistry::entries_stand_as_in_their_lists() {
  QFETCH(QStringList, keys);
  QFETCH(QString, list);
  QVERIFY(!keys.isEmpty());
  QCOMPARE(keys, keys_in(list));
}

void TestRegistry::measures_are_complete() {
  expect_complete(measures());
  for (const MeasureDescriptor& measure : measures()) {
    QCOMPARE(&measures()[static_cast<std::size_t>(measure_index(measure.key))], &measure);
    QVERIFY2(!measure.family.empty(), measure.key.c_str());
    const bool bounded = measure.quantity == Quantity::share || measure.quantity == Quantity::perplexity;
    QVERIFY2(!bounded || measure.better != Better::none, measure.key.c_str());
    QVERIFY2(!measure.per_point || measure.phase == Phase::probe, measure.key.c_str());
  }
  QCOMPARE(measure_index("no such measure"), -1);
}

void TestRegistry::a_probe_brings_its_measures_in_order() {
  std::size_t place = run_measures().size();
  for (const ProbeDescriptor& probe : probes()) {
    QCOMPARE(measures()[place++].key, probe.measure.key);
    for (const MeasureDescriptor& beside : probe.beside) QCOMPARE(measures()[place++].key, beside.key);
    QVERIFY2(!probe.is_family || !probe.beside.empty(), probe.measure.key.c_str());
    QCOMPARE(find_probe(probe.measure.key), &probe);
  }
  QCOMPARE(place, measures().size());
}

// A measure with an error sees J̄ through projections; one of a step's estimate does not exist at step 0.
void TestRegistry::what_a_probe_needs_belongs_together() {
  for (const ProbeDescriptor& probe : probes()) {
    const std::string& key = probe.measure.key;
    QVERIFY2(!probe.needs.empty(), key.c_str());
    const bool has_error =
        std::any_of(probe.beside.begin(), probe.beside.end(),
                    [&](const MeasureDescriptor& one) { return one.key == key + "_error"; });
    QVERIFY2(has_error == probe.has(Need::jacobian), key.c_str());
    QVERIFY2(!(probe.has(Need::jacobian) && probe.has(Need::whole_jacobian)), key.c_str());
    QVERIFY2(!probe.has(Need::bp_signals) || probe.has(Need::own_signals), key.c_str());
    QVERIFY2(!probe.has(Need::bp_gradients) || probe.has(Need::rehearsal), key.c_str());
  }
  QVERIFY(find_probe("c_hat")->follows_a_step());
  QVERIFY(find_probe("cos_jhat_j")->follows_a_step());
  QVERIFY(!find_probe("cos_b_j")->follows_a_step());
  QVERIFY(!find_probe("eq4_bound")->follows_a_step());
}

void TestRegistry::a_run_is_judged_by_one_score_a_phase() {
  for (const Phase phase : {Phase::batch, Phase::train, Phase::validation, Phase::test}) {
    const std::vector<const MeasureDescriptor*> all = scores(phase);
    QCOMPARE(all.size(), std::size_t{2});
    QCOMPARE(all[0]->key, key_in(phase, "accuracy"));
    QCOMPARE(all[1]->key, key_in(phase, "perplexity"));
    QVERIFY(all[0]->is_ahead(0.9, 0.8) && !all[0]->is_ahead(0.8, 0.9));
    QVERIFY(all[1]->is_ahead(10, 20) && !all[1]->is_ahead(20, 10));
  }
  QVERIFY(scores(Phase::probe).empty());
}

void TestRegistry::each_needle_shows_one_measure() {
  std::map<Needle, int> shown;
  for (const MeasureDescriptor& measure : measures()) ++shown[measure.needle];
  for (const Needle needle : {Needle::median, Needle::low, Needle::high, Needle::signal, Needle::update})
    QCOMPARE(shown[needle], 1);
  QVERIFY(needle_measure(Needle::median).quantity == Quantity::degrees);
  QVERIFY(needle_measure(Needle::update).quantity == Quantity::cosine);
}

void TestRegistry::each_rule_has_a_hue() {
  for (const RuleDescriptor& rule : rules()) {
    const RuleDescriptor* family = rule.look.family.empty() ? &rule : find_rule(rule.look.family);
    QVERIFY2(family && family->look.hue,
             (rule.key + ": its look names neither a hue nor the rule whose hue it has").c_str());
  }
}

void TestRegistry::models_take_some_data_and_data_some_model() {
  for (const ModelDescriptor& model : models())
    QVERIFY2(
        std::any_of(data_sets().begin(), data_sets().end(), [&](const auto& d) { return model.takes(d); }),
        model.key.c_str());
  for (const DataDescriptor& data : data_sets())
    QVERIFY2(std::any_of(models().begin(), models().end(), [&](const auto& m) { return m.takes(data); }),
             data.key.c_str());
}

void TestRegistry::data_sets_say_what_they_hold() {
  for (const DataDescriptor& data : data_sets()) {
    QVERIFY2(!data.how_to_get.empty(), data.key.c_str());
    QVERIFY2((data.text || data.own) == (data.channels * data.height * data.width == 0), data.key.c_str());
    QVERIFY2((data.text && !data.own) == (data.validation_count > 0), data.key.c_str());
    QVERIFY2(!data.own || (data.train_count == 0 && data.classes == 0), data.key.c_str());
    if (!data.class_counts.empty()) {
      QVERIFY2(std::count(data.class_counts.begin(), data.class_counts.end(), data.classes) == 1,
               data.key.c_str());
      QCOMPARE(data.classes_among(data.class_counts.back()), std::int64_t{data.class_counts.back()});
    } else {
      QCOMPARE(data.classes_among(12345), std::int64_t{data.classes});
      if (data.coarse_classes > 0) QCOMPARE(data.classes_among(0, true), std::int64_t{data.coarse_classes});
    }
  }
}

QTEST_APPLESS_MAIN(TestRegistry)
#include "test_registry.moc"
