#include "room/instant.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

namespace vuer_rtc::server {
namespace {

[[noreturn]] void stop(const Error& error) {
  std::fprintf(stderr, "InstantRoom: %s\n", error.text.c_str());
  std::abort();
}

}  // namespace

InstantRoom::InstantRoom(const RoomOptions& options) : options_(options) { restart(); }

void InstantRoom::restart() {
  Result<std::unique_ptr<Room>> loaded =
      Room::load(disk_, "epoch-" + std::to_string(++epochs_), options_);
  if (!loaded) stop(loaded.error());
  room_ = std::move(*loaded);
}

void InstantRoom::join(ConnectionId connection, Join join) {
  room_->join(connection, std::move(join));
  run();
}

void InstantRoom::crdt(ConnectionId connection, ByteSpan message) {
  receive(connection, CrdtFrame{Bytes(message.begin(), message.end())});
}

void InstantRoom::receive(ConnectionId connection, Frame frame) {
  room_->receive(connection, Encoding::MessagePack, std::move(frame), now_);
  run();
}

void InstantRoom::leave(ConnectionId connection) {
  room_->leave(connection);
  run();
}

void InstantRoom::compact() {
  room_->compact();
  run();
}

void InstantRoom::advance(std::int64_t milliseconds) {
  now_.steady += milliseconds;
  now_.wall += milliseconds;
  room_->tick(now_);
  run();
}

std::vector<LogRow> InstantRoom::find(const std::vector<std::string>& ids) const {
  std::vector<LogRow> found;
  std::copy_if(
      disk_.ids.begin(), disk_.ids.end(), std::back_inserter(found),
      [&](const LogRow& row) { return std::find(ids.begin(), ids.end(), row.key) != ids.end(); });
  return found;
}

void InstantRoom::run() {
  for (auto actions = room_->take_actions(now_); !actions.empty();
       actions = room_->take_actions(now_)) {
    for (Action& action : actions) {
      if (const auto* commit = std::get_if<Commit>(&action)) {
        if (Status status = apply_write(disk_, commit->write); !status) stop(status.error());
        room_->on_committed(now_);
      } else if (const auto* recall = std::get_if<Recall>(&action)) {
        room_->on_recalled(find(recall->ids));
      } else if (const auto* close = std::get_if<Close>(&action)) {
        delivered_.push_back({close->connection, nullptr, close->code});
      } else if (const auto* send = std::get_if<Send>(&action)) {
        for (const Recipient& one : send->to)
          delivered_.push_back({one.connection, send->frame, 0});
      }
    }
  }
}

}  // namespace vuer_rtc::server
