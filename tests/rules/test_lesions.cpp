// Lesions and frozen layers against what docs/learning-rules.md §9 says, worked out here: the draws from the
// key, rotations by their cosine and norm, J̄ of a linear network as the product of the weights above,
// transports as the weights.
#include <QtTest>
#include <cmath>

#include "engine/feedback/structure.h"
#include "tests/rules/bed.h"

#include "tests/rules/lesion_bed.h"

namespace grapevine {
namespace {

double dot_of(const at::Tensor& a, const at::Tensor& b) {
  return (a * b).sum().item<double>();
}

double length_of(const at::Tensor& a) {
  return std::sqrt(dot_of(a, a));
}

double cosine_of(const at::Tensor& a, const at::Tensor& b) {
  return dot_of(a, b) / (length_of(a) * length_of(b));
}

double apart(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

/// B_l itself, C×n_l.
at::Tensor dense(Rule& rule, int layer) {
  const auto l = static_cast<std::size_t>(layer - 1);
  return rule.structure(l).expand((*rule.feedback())[l]).clone();
}

const NetworkSpec linear_net{{6}, {{linear(6, 9)}, {linear(9, 7)}, {linear(7, 4)}}};

/// ∂z/∂h_l of a linear network: the product of the weights above.
at::Tensor product_above(Bed& bed, int layer) {
  at::Tensor product = at::eye(bed.network.classes(), f64);
  for (int l = bed.network.segments(); l > layer; --l) {
    const int slot = bed.network.layout().slot(std::to_string(l) + ".0.weight");
    product = product.mm(bed.network.values()[slot]);
  }
  return product;
}

}  // namespace

class TestLesions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_random_matrix_is_drawn_from_the_lesions_key();
  void a_rotation_has_its_angle_and_keeps_the_size_data();
  void a_rotation_has_its_angle_and_keeps_the_size();
  void the_jacobian_is_taken_once_data();
  void the_jacobian_is_taken_once();
  void columns_without_a_direction_are_kept();
  void other_layers_are_left_alone();
  void moments_of_a_changed_matrix_begin_anew();
  void a_transport_takes_the_weight_data();
  void a_transport_takes_the_weight();
  void transports_are_rotated_and_drawn();
};

void TestLesions::a_random_matrix_is_drawn_from_the_lesions_key() {
  Generator g(1);
  Bed bed(tanh_mlp, g, 12);
  at::Tensor normal = at::empty({4, 7}, f64);
  fill_gaussian(normal, key);
  for (const std::string name : {"dfa", "drtp", "dkp"}) {
    auto rule = attached(name, bed);
    rule->lesion({LesionKind::randomise, 0}, {bed.network, 2, key, {}});
    QVERIFY2(at::equal(dense(*rule, 2), normal), name.c_str());
  }
  for (const char* name : {"grape", "grape2025"}) {
    auto rule = attached(name, bed);
    rule->lesion({LesionKind::randomise, 0}, {bed.network, 2, key, {}});
    QVERIFY2(apart(dense(*rule, 2), normal / normal.norm(2, {0}, true)) < exact, name);
  }
  auto uniform = attached("dfa", bed, {{"init", "uniform"}});
  uniform->lesion({LesionKind::randomise, 0}, {bed.network, 2, key, {}});
  at::Tensor expected = at::empty({4, 7}, f64);
  fill_uniform(expected, key, -1 / std::sqrt(7.0), 1 / std::sqrt(7.0));
  QVERIFY(at::equal(dense(*uniform, 2), expected));
  auto zero = attached("dfa", bed);
  zero->lesion({LesionKind::zero, 0}, {bed.network, 2, key, {}});
  QCOMPARE(length_of(dense(*zero, 2)), 0.0);
}

void TestLesions::a_rotation_has_its_angle_and_keeps_the_size_data() {
  QTest::addColumn<QString>("structure");
  for (const char* structure : {"dense", "per_channel", "grid", "kernel", "low_rank"})
    QTest::newRow(structure) << structure;
}

void TestLesions::a_rotation_has_its_angle_and_keeps_the_size() {
  QFETCH(QString, structure);
  Generator g(2);
  NetworkSpec cnn = random_cnn(g);
  Bed bed(cnn, g, 6);
  for (const double degrees : {0.0, 30.0, 45.0, 90.0, -60.0, 180.0}) {
    auto rule = attached("dfa", bed, {{"structure", structure.toStdString()}, {"rank", "2"}});
    const at::Tensor before = dense(*rule, 1);
    rule->lesion({LesionKind::rotate, degrees}, {bed.network, 1, key, {}});
    const at::Tensor after = dense(*rule, 1);
    QVERIFY(std::abs(cosine_of(before, after) - std::cos(degrees * M_PI / 180)) < 1e-9);
    QVERIFY(std::abs(length_of(after) / length_of(before) - 1) < 1e-9);
    const FeedbackStructure& form = rule->structure(0);
    QVERIFY(apart(form.expand(form.project(after)), after) < 1e-9);  // still of that structure
  }
}

void TestLesions::the_jacobian_is_taken_once_data() {
  rows_of_direct_rules();
}

void TestLesions::the_jacobian_is_taken_once() {
  QFETCH(QString, name);
  Generator g(3);
  Bed bed(linear_net, g, 12);
  const at::Tensor j = product_above(bed, 1);
  auto rule = attached(name.toStdString(), bed);
  const double before = length_of(dense(*rule, 1));
  rule->lesion({LesionKind::jacobian, 0}, {bed.network, 1, key, j});
  at::Tensor expected = name == "drtp" ? -j : j;
  if (name == "grape") expected = j / j.norm(2, {0}, true);
  if (name == "grape2025") expected = j * (before / length_of(j));
  QVERIFY(apart(dense(*rule, 1), expected) < exact);
}

void TestLesions::columns_without_a_direction_are_kept() {
  Generator g(4);
  Bed bed(linear_net, g, 12);
  at::Tensor j = product_above(bed, 1).clone();
  j.select(1, 3).zero_();
  for (const std::string& name : direct_rules()) {
    auto rule = attached(name, bed);
    learn(*rule, bed, 2);
    const at::Tensor before = dense(*rule, 1);
    rule->lesion({LesionKind::jacobian, 0}, {bed.network, 1, key, j});
    const at::Tensor now = dense(*rule, 1).select(1, 3), old = before.select(1, 3);
    if (name == "grape2025")  // one factor for the whole matrix
      QVERIFY(std::abs(cosine_of(now, old) - 1) < exact);
    else
      QVERIFY2(apart(now, old) < exact, name.c_str());
  }
}

void TestLesions::other_layers_are_left_alone() {
  Generator g(5);
  Bed bed(tanh_mlp, g, 12);
  for (const std::string& name : direct_rules()) {
    auto rule = attached(name, bed);
    learn(*rule, bed, 3);
    const auto before = state_of(*rule);
    rule->lesion({LesionKind::randomise, 0}, {bed.network, 2, key, {}});
    for (const auto& [what, tensor] : state_of(*rule))
      if (what.ends_with("/1")) QVERIFY2(at::equal(tensor, before.at(what)), (name + " " + what).c_str());
  }
}

void TestLesions::moments_of_a_changed_matrix_begin_anew() {
  Generator g(6);
  Bed bed(tanh_mlp, g, 12);
  const std::int64_t first = 4 * 9, second = 4 * 7;  // entries of B_1 and B_2
  for (const char* name : {"dkp", "fdfa"})
    for (const char* optimizer : {"adam", "sgd"}) {
      auto rule = attached(name, bed, {{"feedback_optimizer", optimizer}});
      learn(*rule, bed, 3);
      const auto before = state_of(*rule);
      rule->lesion({LesionKind::rotate, 30}, {bed.network, 2, key, {}});
      for (const auto& [what, tensor] : state_of(*rule)) {
        if (!what.starts_with("feedback_optimizer/") || what.ends_with("updates")) continue;
        QVERIFY(length_of(before.at(what).narrow(0, first, second)) > 0);
        QCOMPARE(length_of(tensor.narrow(0, first, second)), 0.0);
        QVERIFY(at::equal(tensor.narrow(0, 0, first), before.at(what).narrow(0, 0, first)));
      }
    }
  auto grape = attached("grape", bed);
  learn(*grape, bed, 3);
  QVERIFY(length_of(state_of(*grape).at("feedback_momentum/2")) > 0);
  grape->lesion({LesionKind::rotate, 30}, {bed.network, 2, key, {}});
  QCOMPARE(length_of(state_of(*grape).at("feedback_momentum/2")), 0.0);
  const at::Tensor norms = dense(*grape, 2).norm(2, {0});
  QVERIFY(apart(norms, at::ones_like(norms)) < exact);  // the rule's own norm again
}

void TestLesions::a_transport_takes_the_weight_data() {
  QTest::addColumn<QString>("name");
  for (const char* name : {"fa", "kp", "wm", "frsf"}) QTest::newRow(name) << name;
}

void TestLesions::a_transport_takes_the_weight() {
  QFETCH(QString, name);
  Generator g(7);
  Bed bed(tanh_mlp, g, 12);
  auto rule = attached(name.toStdString(), bed);
  QVERIFY(rule->feedback_layers() == (std::vector<int>{2, 3}));
  const int taken = bed.network.layout().slot("2.0.weight"), left = bed.network.layout().slot("3.0.weight");
  const auto at_slot = [&](int slot) { return (*rule->transport())[static_cast<std::size_t>(slot)]; };
  const at::Tensor other = at_slot(left).clone();
  rule->lesion({LesionKind::jacobian, 0}, {bed.network, 2, key, {}});
  QVERIFY(apart(at_slot(taken), bed.network.values()[taken]) < exact);
  QVERIFY(at::equal(at_slot(left), other));
  rule->lesion({LesionKind::zero, 0}, {bed.network, 2, key, {}});
  QCOMPARE(length_of(at_slot(taken)), 0.0);
}

void TestLesions::transports_are_rotated_and_drawn() {
  Generator g(8);
  Bed bed(tanh_mlp, g, 12);
  const int slot = bed.network.layout().slot("2.0.weight");
  for (const char* name : {"fa", "kp", "wm"}) {
    auto rule = attached(name, bed);
    const auto transport = [&] { return (*rule->transport())[static_cast<std::size_t>(slot)]; };
    const at::Tensor before = transport().clone();
    rule->lesion({LesionKind::rotate, 45}, {bed.network, 2, key, {}});
    QVERIFY(std::abs(cosine_of(before, transport()) - std::sqrt(0.5)) < 1e-9);
    QVERIFY(std::abs(length_of(transport()) / length_of(before) - 1) < 1e-9);
    rule->lesion({LesionKind::randomise, 0}, {bed.network, 2, key, {}});
    at::Tensor drawn = at::empty({7, 9}, f64);
    const RandomKey of_slot = key.with(static_cast<std::uint64_t>(slot));
    if (QString(name) == "fa") {
      fill_uniform(drawn, of_slot, -std::sqrt(6.0 / 16), std::sqrt(6.0 / 16));  // Xavier of 9 in, 7 out
    } else {
      fill_gaussian(drawn, of_slot);
      drawn.mul_(1 / std::sqrt(16.0));
    }
    QVERIFY2(apart(transport(), drawn) < exact, name);
  }
}

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestLesions)
#include "test_lesions.moc"
