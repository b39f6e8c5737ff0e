// What the REST API asks of the rooms.
#include "protocol/room_host.hpp"

namespace vuer_rtc::server {
namespace {

Error unavailable() { return make_error(ErrorCode::Storage, "the room is unavailable"); }

}  // namespace

void RoomHost::with_room(const std::string& name, std::function<void(Result<Room*>)> question) {
  const Shared hosted = rooms_.open(name);
  if (!hosted) return question(make_error(ErrorCode::RoomFull, "too many rooms"));
  rooms_.when_ready(hosted, [question = std::move(question)](Room* room) {
    if (room == nullptr) return question(unavailable());
    room->ask([question](Room* asked) {
      if (asked == nullptr) return question(unavailable());
      const bool unknown = asked->committed_seq() == 0 && asked->member_count() == 0;
      question(unknown ? nullptr : asked);
    });
  });
}

void RoomHost::write(const std::string& name, Bytes message, Room::Written done) {
  const Shared hosted = shutting_down_ ? nullptr : rooms_.open(name);
  if (!hosted) return done(make_error(ErrorCode::RoomFull, "too many rooms"));
  rooms_.when_ready(hosted,
                    [message = std::move(message), done = std::move(done)](Room* room) mutable {
                      if (room == nullptr) return done(unavailable());
                      room->write(std::move(message), std::move(done));
                    });
}

void RoomHost::clear(const std::string& name, std::function<void(Result<Room*>)> done) {
  with_room(name, [this, done = std::move(done)](Result<Room*> room) {
    if (!room || *room == nullptr) return done(room);
    (*room)->clear(services_.new_epoch());
    (*room)->ask([done](Room* cleared) {
      if (cleared == nullptr) return done(unavailable());
      done(cleared);
    });
  });
}

HostFigures& HostFigures::operator+=(const HostFigures& other) {
  storage_fails = storage_fails || other.storage_fails;
  connections += other.connections;
  rooms += other.rooms;
  members += other.members;
  journal_messages += other.journal_messages;
  journal_bytes += other.journal_bytes;
  inbox_bytes += other.inbox_bytes;
  return *this;
}

HostFigures RoomHost::figures() const {
  HostFigures all;
  all.storage_fails = storage_fails_;
  all.connections = connections_.size();
  all.rooms = rooms_.size();
  for (const auto& [name, hosted] : rooms_.by_name()) {
    if (!hosted->room) continue;
    all.members += hosted->room->member_count();
    all.journal_messages += hosted->room->journal_length();
    all.journal_bytes += hosted->room->journal().bytes();
    all.inbox_bytes += hosted->room->waiting_bytes();
  }
  return all;
}

void RoomHost::list(std::function<void(std::vector<RoomInfo>)> done) {
  struct Gathering {
    std::vector<RoomInfo> infos;
    std::size_t open = 1;
    std::function<void(std::vector<RoomInfo>)> done;
    void close() {
      if (--open == 0) done(std::move(infos));
    }
  };
  const auto gathering = std::make_shared<Gathering>();
  gathering->done = std::move(done);
  for (const auto& [name, hosted] : rooms_.by_name()) {
    if (!hosted->room) continue;
    ++gathering->open;
    hosted->room->ask([gathering, name = name](Room* room) {
      if (room != nullptr) {
        const Result<Hash> digest = room->digest();
        gathering->infos.push_back({name, room->member_count(), room->committed_seq(),
                                    room->stable(), room->journal_length(),
                                    digest ? std::optional(*digest) : std::nullopt});
      }
      gathering->close();
    });
    rooms_.schedule(hosted);
  }
  gathering->close();
}

}  // namespace vuer_rtc::server
