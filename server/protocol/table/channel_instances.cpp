// A channel among several instances (section 12): envelopes go out for what was won here, and
// what others won is merged, forwarded and never published again.
#include <algorithm>

#include "protocol/table/channel.hpp"

namespace vuer_rtc::table {

/// Section 12, sending: the chain of from and to has no holes.
void Channel::publish(const std::set<CellKey>& won) {
  if (options_.node.empty() || won.empty()) return;
  Envelope head;
  head.node = options_.node;
  head.channel = name_;
  head.from = std::exchange(published_, version_);
  head.to = version_;
  ++figures_.envelopes_sent;
  emit(Publish{false, write_envelope(head, write_update(sender(), tuples(won), version_))});
}

EnvelopeOutcome Channel::take_envelope(Envelope envelope) {
  EnvelopeOutcome outcome;
  const bool is_ours = !envelope.node.empty() && envelope.node == options_.node;
  const bool is_for_another = !envelope.target.empty() && envelope.target != options_.node;
  const bool fits = dialect_ == Dialect::Unset || dialect_ == dialect_of(envelope.site);
  outcome.is_dropped = is_ours || is_for_another || !fits || envelope.channel != name_;
  if (outcome.is_dropped) return outcome;
  ++figures_.envelopes_received;
  ++accepted_;
  marks_changed_ = true;
  dialect_ = dialect_of(envelope.site);
  const Merged merged = Merge(store_, dialect_, site()).instance(envelope.changes);
  number(merged, envelope.changes);
  outcome.merged = merged.won.size();
  forward(merged.won, std::nullopt);
  publish(merged.reissued);
  if (!envelope.node.empty()) outcome.gap = follow(envelope);
  return outcome;
}

/// Section 12, point 4: a hole leaves the mark where it is, and the sender is asked for it.
std::optional<std::pair<std::int64_t, std::int64_t>> Channel::follow(const Envelope& envelope) {
  std::int64_t& mark = nodes_[envelope.node];
  if (envelope.from <= mark) {
    mark = std::max(mark, envelope.to);
    return std::nullopt;
  }
  ++figures_.gaps;
  emit(Publish{true, write_request({options_.node, envelope.node, name_, mark})});
  return std::pair(mark, envelope.from);
}

void Channel::catch_up() {
  if (options_.node.empty()) return;
  if (nodes_.empty()) emit(Publish{true, write_request({options_.node, "", name_, 0})});
  for (const auto& [node, mark] : nodes_)
    emit(Publish{true, write_request({options_.node, node, name_, mark})});
}

/// Answered with ordinary envelopes for the one who asked.
void Channel::take_request(const Request& request) {
  const bool is_for_us = request.target.empty() || request.target == options_.node;
  const bool is_fit = request.node != options_.node && request.channel == name_;
  if (!is_for_us || !is_fit || dialect_ == Dialect::Unset) return;
  Envelope head;
  head.node = options_.node;
  head.channel = name_;
  head.target = request.node;
  head.from = head.to = request.since;
  auto at = store_.first_after(request.since);
  do {
    std::vector<const Change*> changes;
    for (; at != store_.end(); ++at) {
      const bool is_full = changes.size() >= options_.pull_chunk;
      if (is_full && (*at)->db_version != head.to) break;
      head.to = (*at)->db_version;
      changes.push_back(*at);
    }
    if (at == store_.end()) head.to = std::max(version_, request.since);
    emit(Publish{false, write_envelope(head, write_update(sender(), changes, head.to))});
    head.from = head.to;
  } while (at != store_.end());
}

}  // namespace vuer_rtc::table
