// What the server itself writes into a room (REST): through the same door as everybody's messages.
#include <algorithm>

#include "room/room.hpp"

namespace vuer_rtc::server {

void Room::write(Bytes message, Written done) {
  push(WriteItem{std::move(message), std::move(done)});
}

void Room::handle(WriteItem& item, Now now) {
  Result<Acceptance> accepted = write_now(std::move(item.message), now);
  if (!accepted) return item.done(accepted.error());
  if (accepted->bytes) publish(nullptr, *accepted, now);
  written_.emplace_back(std::move(item.done), std::move(accepted->entry));
}

Result<Room::Acceptance> Room::write_now(Bytes bytes, Now now) {
  if (writes_refused_) return make_error(ErrorCode::Storage);
  Result<Message> message = read(completed(std::move(bytes), now));
  if (!message) return message.error();
  if (message->client != kServerAuthor)
    return make_error(ErrorCode::Forbidden, "client: is not " + std::string(kServerAuthor));
  const Hash content = content_hash(*message);
  Result<Door::Ruling> ruling = door_.examine(*message, content, true);
  if (!ruling) return ruling.error();
  if (ruling->repeat != nullptr) return Acceptance{*ruling->repeat, nullptr};
  return take_in(std::move(*message), content, now);
}

/// A map whose only field is `ops` gets the server's next number and the next place; anything else
/// stays as it is.
Bytes Room::completed(Bytes message, Now now) const {
  MsgReader reader(message);
  std::uint32_t fields = 0;
  std::string_view name;
  const bool bare = reader.peek() == MsgType::Map && reader.read_map(fields) && fields == 1 &&
                    reader.read_string(name) && name == "ops";
  if (!bare) return message;
  const std::string author(kServerAuthor);
  const AuthorRecord before = door_.author(author);
  const std::uint64_t number = before.number + 1, lt = document_.lt() + 1;
  Bytes whole;
  MsgWriter out(whole);
  out.map(6);
  out.string("id");
  out.string(author + ":" + std::to_string(std::max(lt, before.named + 1)));
  out.string("client");
  out.string(author);
  out.string("clock");
  out.map(1);
  out.string(author);
  out.number(static_cast<double>(number));
  out.string("lt");
  out.number(static_cast<double>(lt));
  out.string("ts");
  out.number(static_cast<double>(now.wall));
  out.string("ops");
  out.raw({reader.position(), reader.left()});
  return whole;
}

}  // namespace vuer_rtc::server
