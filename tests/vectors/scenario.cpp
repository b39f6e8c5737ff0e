// Checks one law vector: every order gives the same digest, graph and texts, stages hold, a raised
// line and a snapshot change nothing, refused messages leave the document alone.
#include "vectors/scenario.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <utility>

#include "json_messages.hpp"

namespace vuer_rtc::testing {
namespace {

constexpr double kTrigTolerance = 1e-12;

using Order = std::vector<std::size_t>;
using Reasons = std::vector<std::string>;

std::string hex(const Hash& hash) {
  static const char* digits = "0123456789abcdef";
  std::string out;
  for (std::uint8_t byte : hash) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

/// Where a document differs from what is expected, or nothing.
std::string difference(Document& document, const Scenario& scenario) {
  const Json& expect = scenario.source["expect"];
  double tolerance = scenario.trig ? kTrigTolerance : 0;
  document.check();
  if (!near(json_of(document.graph()), expect["graph"], tolerance)) return "graph";
  if (!near(json_of(document.texts()), expect["texts"], tolerance)) return "texts";
  if (expect.contains("digest") && hex(document.digest()) != expect["digest"]) return "digest";
  return {};
}

std::string start(Document& document, const Scenario& scenario) {
  if (scenario.snapshot.empty()) return {};
  Status loaded = document.load(scenario.snapshot);
  return loaded ? "" : "snapshot: " + loaded.error().text;
}

/// Delivers messages[order...]; the first refusal, or nothing. A second copy of an id with other
/// content is refused by the law (section 2), and the scenario goes on.
std::string deliver(Document& document, const Scenario& scenario, const Order& order) {
  for (std::size_t index : order) {
    Result<Received> received = document.receive(ByteSpan(scenario.messages[index]));
    if (!received && received.error().code != ErrorCode::IdReused)
      return "message " + std::to_string(index) + ": " + received.error().text;
  }
  return {};
}

Order range(std::size_t from, std::size_t to) {
  Order out;
  for (std::size_t i = from; i < to; i++) out.push_back(i);
  return out;
}

std::string order_text(const Order& order) {
  std::string out;
  for (std::size_t index : order) out += (out.empty() ? "" : ",") + std::to_string(index);
  return "[" + out + "]";
}

void check_order(const Scenario& scenario, const Order& order, Reasons& reasons) {
  Document document;
  std::string reason = start(document, scenario);
  if (reason.empty()) reason = deliver(document, scenario, order);
  if (reason.empty()) reason = difference(document, scenario);
  if (!reason.empty()) reasons.push_back(reason + " in order " + order_text(order));
}

/// A shuffle of all messages in which about every fifth comes twice. Own arithmetic: the same in
/// every library.
Order shuffled(std::size_t count, std::mt19937& random) {
  Order order = range(0, count);
  for (std::size_t i = 0; i < count; i++) {
    if (random() % 5 == 0) order.push_back(i);
  }
  for (std::size_t i = order.size(); i > 1; i--) std::swap(order[i - 1], order[random() % i]);
  return order;
}

/// Two messages of one id with other content: which one is kept is a matter of arrival, so only the
/// scenario's own orders hold.
bool reuses_an_id(const Scenario& scenario) {
  std::map<std::string, Json> seen;
  for (Json message : scenario.source["messages"]) {
    for (const char* stamp : {"lt", "serverSeq", "stable"}) message.erase(stamp);
    auto [known, is_new] = seen.emplace(message["id"].get<std::string>(), message);
    if (!is_new && known->second != message) return true;
  }
  return false;
}

void check_orders(const Scenario& scenario, int shuffles, Reasons& reasons) {
  std::size_t count = scenario.messages.size();
  check_order(scenario, range(0, count), reasons);
  for (const Json& order : scenario.source.value("orders", Json::array())) {
    check_order(scenario, order.get<Order>(), reasons);
  }
  if (reuses_an_id(scenario)) return;
  std::seed_seq seed(scenario.name.begin(), scenario.name.end());
  std::mt19937 random(seed);
  for (int i = 0; i < shuffles && reasons.empty(); i++) {
    check_order(scenario, shuffled(count, random), reasons);
  }
}

/// The stages, and beside them a document whose line is raised wherever a stage allows it, and one
/// that was loaded from that document's snapshot: all three must end alike.
void check_stages(const Scenario& scenario, Reasons& reasons) {
  Document plain, folded;
  std::string reason = start(plain, scenario) + start(folded, scenario);
  std::size_t done = 0;
  for (const Json& stage : scenario.source.value("stages", Json::array())) {
    std::size_t after = stage["after"].get<std::size_t>();
    if (reason.empty()) reason = deliver(plain, scenario, range(done, after));
    if (reason.empty()) reason = deliver(folded, scenario, range(done, after));
    done = after;
    bool same = hex(plain.digest()) == stage["digest"] && hex(folded.digest()) == stage["digest"];
    if (reason.empty() && !same) reason = "digest";
    if (reason.empty() && stage.contains("stable")) {
      Status raised = folded.raise_line(stage["stable"].get<std::int64_t>());
      if (!raised)
        reason = "raise_line: " + raised.error().text;
      else if (hex(folded.digest()) != stage["digest"])
        reason = "digest after raise_line";
      folded.check();
    }
    if (!reason.empty())
      return reasons.push_back(reason + " at the stage after " + std::to_string(after));
  }
  Result<Bytes> snapshot = folded.snapshot();
  if (!snapshot) return reasons.push_back("snapshot: " + snapshot.error().text);
  Document loaded;
  Status status = loaded.load(*snapshot);
  if (!status) return reasons.push_back("load of the own snapshot: " + status.error().text);
  reason = deliver(folded, scenario, range(done, scenario.messages.size()));
  if (reason.empty()) reason = deliver(loaded, scenario, range(0, scenario.messages.size()));
  if (reason.empty()) reason = difference(folded, scenario);
  if (reason.empty() && hex(loaded.digest()) != hex(folded.digest()))
    reason = "digest of the loaded snapshot";
  if (!reason.empty()) reasons.push_back(reason + " after the stages");
}

void check_refused(const Scenario& scenario, Reasons& reasons) {
  if (scenario.refused.empty()) return;
  Document document;
  std::string reason = start(document, scenario);
  if (reason.empty()) reason = deliver(document, scenario, range(0, scenario.messages.size()));
  Hash before = document.digest();
  for (std::size_t i = 0; i < scenario.refused.size() && reason.empty(); i++) {
    if (document.receive(ByteSpan(scenario.refused[i])).ok())
      reason = "not refused: " + std::to_string(i);
    else if (document.digest() != before)
      reason = "changed by refused " + std::to_string(i);
    document.check();
  }
  if (!reason.empty()) reasons.push_back(reason);
}

}  // namespace

Scenario read_scenario(const std::string& line) {
  Scenario scenario;
  scenario.source = parse_json(line);
  scenario.name = scenario.source.at("name");
  scenario.trig = scenario.source.value("trig", false);
  if (scenario.source.contains("snapshot"))
    scenario.snapshot = msgpack_of(scenario.source["snapshot"]);
  for (const Json& message : scenario.source.at("messages"))
    scenario.messages.push_back(msgpack_of(message));
  for (const Json& message : scenario.source.value("refused", Json::array())) {
    scenario.refused.push_back(msgpack_of(message));
  }
  return scenario;
}

std::vector<std::string> check_scenario(const Scenario& scenario, int shuffles) {
  Reasons reasons;
  check_orders(scenario, shuffles, reasons);
  check_stages(scenario, reasons);
  check_refused(scenario, reasons);
  return reasons;
}

}  // namespace vuer_rtc::testing
