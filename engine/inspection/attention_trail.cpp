#include "engine/inspection/attention_trail.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

#include "engine/experiment/layer_kind.h"
#include "engine/inspection/arithmetic.h"
#include "engine/inspection/host_numbers.h"

namespace grapevine {
namespace {

struct Found {
  const LayerSpec& layer;
  const Tape& tape;
};

std::optional<Found> first_attention(const std::vector<LayerSpec>& layers, const std::vector<Tape>& tapes) {
  for (std::size_t i = 0; i < layers.size() && i < tapes.size(); ++i) {
    if (layers[i].kind == LayerKind::attention && tapes[i].saved.size() > 4)
      return Found{layers[i], tapes[i]};
    if (const auto inside = first_attention(layers[i].body, tapes[i].body)) return inside;
  }
  return std::nullopt;
}

/// What the layer's pass left of one head and one query; as Attention::forward has it.
struct Query {
  std::int64_t head, token, seen;     ///< tokens that it sees
  at::Tensor q, keys, values;         ///< w, T×w, T×w
  at::Tensor probabilities, weights;  ///< T: as softmax gives them, and as dropout left them
};

Query query_of(const Found& found, std::int64_t row, std::int64_t feature) {
  const std::vector<at::Tensor>& saved = found.tape.saved;
  const std::int64_t tokens = saved[0].size(1), width = saved[0].size(2);
  Query query;
  query.head = feature / width;
  query.token = row % tokens;
  query.seen = found.layer.causal ? query.token + 1 : tokens;
  const std::int64_t slice = row / tokens * found.layer.heads + query.head;
  query.q = on_host(saved[0][slice][query.token]);
  query.keys = on_host(saved[1][slice]);
  query.values = on_host(saved[2][slice]);
  query.probabilities = on_host(saved[3][slice][query.token]);
  query.weights = on_host(saved[4][slice][query.token]);
  return query;
}

/// "exp(0.5) + exp(0.1) + … (7 smaller terms: 2.1)", the largest first.
std::string written_exponentials(std::vector<double> scores) {
  std::sort(scores.begin(), scores.end(), std::greater<>());
  const std::size_t shown = scores.size() > terms_written ? terms_written - 2 : scores.size();
  std::string text;
  double rest = 0;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (i < shown)
      text += (text.empty() ? "exp(" : " + exp(") + written(scores[i]) + ")";
    else
      rest += std::exp(scores[i]);
  if (shown < scores.size())
    text += " + … (" + std::to_string(scores.size() - shown) + " smaller terms: " + written(rest) + ")";
  return text;
}

}  // namespace

NumberTrail attention_trail(const Network& network, int l, const NetworkTape& tape, std::int64_t row,
                            std::int64_t unit) {
  const auto at = static_cast<std::size_t>(l - 1);
  const auto found = first_attention(network.spec().segments[at], tape.segments[at]);
  if (!found) return {};
  const std::int64_t feature = unit % found->layer.features;
  const Query query = query_of(*found, row, feature);
  const std::int64_t width = query.q.size(0), column = feature % width;
  const auto products = [&](std::int64_t key) {
    std::vector<Term> terms;
    for (std::int64_t i = 0; i < width; ++i)
      terms.push_back({query.q[i].item<double>(), number(query.keys, key, i)});
    return terms;
  };
  const double root = std::sqrt(static_cast<double>(width));
  std::vector<double> scores;
  std::vector<Term> weighed;
  for (std::int64_t key = 0; key < query.seen; ++key) {
    scores.push_back(sum_of(products(key)) / root);
    weighed.push_back({query.weights[key].item<double>(), number(query.values, key, column)});
  }
  const auto largest = std::max_element(scores.begin(), scores.end());
  const std::int64_t key = largest - scores.begin();
  const std::string pair = "[" + std::to_string(query.token) + ", " + std::to_string(key) + "]";
  const std::string given = "[" + std::to_string(query.token) + ", " + std::to_string(feature) + "]";
  NumberTrail trail;
  trail.numbers = {
      {"score" + pair, "(" + written_sum(products(key)) + ") / √" + std::to_string(width), *largest},
      {"softmax" + pair, "exp(" + written(*largest) + ") / (" + written_exponentials(scores) + ")",
       query.probabilities[key].item<double>()},
      {"attention" + given, written_sum(weighed), sum_of(weighed)}};
  trail.words = "Attention, head " + std::to_string(query.head) + ": the query of token " +
                std::to_string(query.token) + " times the key of token " + std::to_string(key) +
                ", the best of the " + std::to_string(query.seen) +
                " that it sees; then the values of all of them, each times its softmax" +
                (found->tape.saved.size() > 5 ? " as dropout left it." : ".");
  return trail;
}

}  // namespace grapevine
