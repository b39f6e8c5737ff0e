// BareGraph: each message acts on top of what is there, and nothing is kept of it.
#include "base/memory.hpp"
#include "store/feed_writer.hpp"
#include "store/replica.hpp"
#include "vuer_rtc/document.hpp"

namespace vuer_rtc {

struct BareGraph::State {
  Replica replica{Limits{}};
  FeedWriter feed;
  Bytes changes;
};

BareGraph::BareGraph() : state_(std::make_unique<State>()) { state_->replica.history->watch(); }
BareGraph::BareGraph(BareGraph&&) noexcept = default;
BareGraph& BareGraph::operator=(BareGraph&&) noexcept = default;
BareGraph::~BareGraph() = default;

Status BareGraph::load(ByteSpan graph) {
  if (!can_allocate(kFreshHistory)) return make_error(ErrorCode::OutOfMemory);
  auto fresh = std::make_unique<History>(Limits{});
  fresh->watch();
  if (Status status = fresh->read_graph(graph); !status) return status;
  state_->replica.history = std::move(fresh);
  state_->feed.restart();
  return {};
}

Status BareGraph::apply(ByteSpan message) {
  Replica& replica = state_->replica;
  MsgReader reader(message);
  if (Status status = replica.decode(reader); !status) return status;
  if (!replica.history->reserve(message.size(), replica.view.op_count)) {
    return make_error(ErrorCode::OutOfMemory);
  }
  replica.history->add_on_top(replica.view);
  replica.history->fold_all();
  return {};
}

Bytes BareGraph::graph() {
  Bytes out;
  if (!state_->replica.history->write_graph(out)) return {};
  return out;
}

bool BareGraph::can_take_changes() {
  return can_allocate(state_->feed.bound(*state_->replica.history));
}

const Bytes& BareGraph::take_changes() {
  state_->changes.clear();
  if (can_take_changes()) state_->feed.write(*state_->replica.history, state_->changes);
  return state_->changes;
}

}  // namespace vuer_rtc
