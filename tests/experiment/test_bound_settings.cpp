// Settings bound to the members of structs: what is described is what is read, for every group of settings.
#include "engine/experiment/bound_settings.h"

#include <QTest>
#include <set>

#include "engine/error.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/groups/alert_settings.h"
#include "engine/experiment/groups/calibration_settings.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/probe_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/segment_rate_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "tests/experiment/another_value.h"

namespace grapevine {
namespace {

enum class Colour { red, green };

struct Sample {
  double rate = 0.5;
  std::int64_t count = 3;
  bool on = false;
  Colour colour = Colour::red;
  bool left = false, right = true;
  std::optional<std::int64_t> every;

  static constexpr const char* group = "sample.";
  void bind(Binder& to) {
    to.number(rate, "rate", above(0).at_most(2), "a rate").live();
    to.integer(count, "count", at_least(1).at_most(9), "a count");
    const auto switched = to.toggle(on, "on", "a switch");
    const auto colours =
        to.choice(colour, "colour", {{"red", Colour::red}, {"green", Colour::green}}, "a choice");
    to.flags({{"left", &left}, {"right", &right}}, "sides", "a list").only_where(switched.is({true}));
    to.integer_or_auto(every, "every", at_least(0), "steps")
        .only_where(colours.is({Colour::green, Colour::red}))
        .live();
  }
};

}  // namespace

class TestBoundSettings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void members_make_descriptions() {
    const std::vector<Setting> all = settings_of<Sample>();
    QCOMPARE(all.size(), std::size_t{6});
    QCOMPARE(all[0].key, std::string("sample.rate"));
    QVERIFY(all[0].fallback == Value(0.5));
    QCOMPARE(all[0].allowed(), std::string("a number above 0 and at most 2"));
    QVERIFY(all[0].live && !all[1].live);
    QCOMPARE(all[1].allowed(), std::string("a whole number of at least 1 and at most 9"));
    QCOMPARE(all[3].choices, (TextList{"red", "green"}));
    QVERIFY(all[3].fallback == Value(std::string("red")));
    QVERIFY(all[4].fallback == Value(TextList{"right"}));
    QCOMPARE(all[4].depends_on, std::string("sample.on"));
    QCOMPARE(all[4].depends_values, (TextList{"true"}));
    QCOMPARE(all[5].depends_values, (TextList{"green", "red"}));
    QVERIFY(all[5].fallback == Value(std::string("auto")));
  }

  void only_live_members_change() {
    Sample sample;
    Binder binder(Sample::group);
    sample.bind(binder);
    QVERIFY(binder.change("rate", Value(1.25)));
    QCOMPARE(sample.rate, 1.25);
    QVERIFY(binder.change("rate", Value(std::int64_t{2})));  // a whole number is one
    QCOMPARE(sample.rate, 2.0);
    QVERIFY(binder.change("every", Value(std::string("12"))));
    QCOMPARE(sample.every.value(), std::int64_t{12});
    QVERIFY(binder.change("every", Value(std::string("auto"))));
    QVERIFY(!sample.every);
    QVERIFY(!binder.change("count", Value(std::int64_t{4})));
    QCOMPARE(sample.count, std::int64_t{3});
    QVERIFY(!binder.change("sample.rate", Value(1.0)));
  }

  void an_experiment_without_the_setting_is_refused() {
    QVERIFY_EXCEPTION_THROWN(settings_from<Sample>(Experiment()), InputError);
  }

  void every_group_is_read_as_it_is_described() {
    std::size_t checked = 0;
    checked += round_trips<RunSettings>() + round_trips<DataSettings>() + round_trips<ModelSettings>();
    checked += round_trips<OptimizerSettings>() + round_trips<ScheduleSettings>();
    checked += round_trips<TrainSettings>() + round_trips<CheckpointSettings>();
    checked += round_trips<CalibrationSettings>() + round_trips<ProbeSettings>();
    checked += round_trips<AlertSettings>() + round_trips<SegmentRateSettings>();
    QCOMPARE(checked + 1, experiment_settings().size());  // and the rule's name
  }

  void a_members_key_is_that_of_its_setting() {
    QCOMPARE(key_of(&Sample::rate), std::string("sample.rate"));
    QCOMPARE(key_of(&Sample::on), std::string("sample.on"));
    QCOMPARE(key_of(&Sample::colour), std::string("sample.colour"));
    QCOMPARE(key_of(&Sample::every), std::string("sample.every"));
    QCOMPARE(key_of(&RunSettings::seed), std::string("seed"));
    QCOMPARE(key_of(&OptimizerSettings::lr), std::string("optimizer.lr"));
    QVERIFY_EXCEPTION_THROWN(key_of(&Sample::left), std::logic_error);  // one of a list's words
  }

  void a_choice_brings_what_people_read() {
    Sample sample;
    Binder binder(Sample::group);
    auto colours =
        binder.choice(sample.colour, "colour", {{"red", Colour::red}, {"green", Colour::green}}, "");
    colours.choice_named(Colour::red, "Crimson", "a warm one");
    const Setting& setting = *binder.all().front().setting;
    QCOMPARE(setting.choice_words.at("red").name, std::string("Crimson"));
    QCOMPARE(setting.choice_words.at("red").help, std::string("a warm one"));
    QVERIFY(!setting.choice_words.contains("green"));  // its word says it
    BoundSetting& sides = binder.words(sample_words_, "sides", {"left"}, "");
    QVERIFY_EXCEPTION_THROWN(sides.choice_named("lefft", "Left"), std::logic_error);
  }

  // A misspelt key or word would hide the setting for ever.
  void dependencies_name_what_there_is() {
    std::set<std::string> keys;
    for (const RuleDescriptor& rule : rules()) {
      std::vector<Setting> all = experiment_settings();
      for (Setting own : rule.settings) {
        own.key = rule_group + own.key;
        all.push_back(own);
      }
      keys.clear();
      for (const Setting& setting : all) {
        QVERIFY2(keys.insert(setting.key).second, (rule.key + ": " + setting.key + " twice").c_str());
        if (setting.depends_on.empty()) continue;
        const Setting* on = find_setting(setting.depends_on, rule.key);
        QVERIFY2(on, setting.key.c_str());
        for (const std::string& value : setting.depends_values) parse_value(*on, value);
      }
    }
  }

 private:
  TextList sample_words_;

  /// How many settings: each set to each of its words, or to another value, comes back from the struct.
  template <class Settings>
  static std::size_t round_trips() {
    const std::vector<Setting> all = settings_of<Settings>();
    for (std::size_t i = 0; i < all.size(); ++i) {
      std::vector<Value> values{another_value(all[i])};
      if (all[i].kind == Kind::choice) values.assign(all[i].choices.begin(), all[i].choices.end());
      for (const Value& value : values) {
        Experiment experiment;
        experiment.set(all[i].key, value);
        Settings settings = Settings::of(experiment);
        Binder binder(Settings::group);
        settings.bind(binder);
        for (std::size_t j = 0; j < all.size(); ++j)
          if (binder.all()[j].read() != experiment.value(all[j].key))
            QTest::qFail((all[j].key + " with " + all[i].key + "=" + to_text(value)).c_str(), __FILE__,
                         __LINE__);
      }
    }
    return all.size();
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestBoundSettings)
#include "test_bound_settings.moc"
