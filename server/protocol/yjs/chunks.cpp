#include "protocol/yjs/chunks.hpp"

#include <algorithm>

namespace vuer_rtc::yjs {

Chunks::Chunks(const Store& store, const StateVector& from) : deletes_(store.deletes()) {
  for (const auto& [client, line] : store.lines()) {
    const Clock known = from.at(client);
    const auto first = line.find_behind(known);
    if (first == line.structs.end()) continue;
    Line& rest = cursors_[client].rest;
    rest.structs.assign(first, line.structs.end());
    Struct& head = rest.structs.front();
    head = cut(head, std::max(known, head.clock), head.end());
  }
  base_ = cursors_.begin();
}

bool Chunks::find_top() {
  if (!stack_.empty()) return true;
  while (base_ != cursors_.end() && !base_->second.has_head()) ++base_;
  if (base_ == cursors_.end()) return false;
  stack_.push_back(base_->first);
  on_stack_.insert(base_->first);
  return true;
}

/// The client of something that this struct stands on and that is not out yet.
std::optional<ClientId> Chunks::blocker_of(ClientId client, const Struct& head) const {
  if (head.kind == Kind::Gc) return std::nullopt;
  const Head place = head_of(head, client);
  for (const auto& id : {place.origin, place.right_origin, place.parent}) {
    if (!id || id->client == client || on_stack_.contains(id->client)) continue;
    const auto found = cursors_.find(id->client);
    if (found == cursors_.end() || !found->second.has_head()) continue;
    const Cursor& cursor = found->second;
    const auto holder = cursor.rest.find_behind(id->clock);
    const bool is_stored = holder != cursor.rest.structs.end() && holder->clock <= id->clock;
    if (is_stored && id->clock >= cursor.head().clock) return id->client;
  }
  return std::nullopt;
}

Bytes Chunks::next(std::size_t size) {
  ByClient<BlockWriter> blocks;
  std::size_t written = 0;
  while (written < size && !done_) {
    if (!find_top()) {
      done_ = true;
      break;
    }
    const ClientId client = stack_.back();
    Cursor& cursor = cursors_.at(client);
    if (const auto blocker = blocker_of(client, cursor.head())) {
      stack_.push_back(*blocker);
      on_stack_.insert(*blocker);
      continue;
    }
    BlockWriter& block = blocks.try_emplace(client, client).first->second;
    if (!block.empty() && block.end() != cursor.head().clock) break;  // no Skip to clients
    const std::size_t before = block.size();
    block.put(cursor.head());
    written += block.size() - before;
    cursor.at++;
    stack_.pop_back();
    on_stack_.erase(client);
  }
  UpdateWriter update;
  for (auto& [client, block] : blocks) update.add(block);
  if (done_)
    for (const auto& [client, ranges] : deletes_) update.add_deletes(client, ranges);
  return update.take();
}

}  // namespace vuer_rtc::yjs
