#include "room/door.hpp"

#include <algorithm>

namespace vuer_rtc::server {

Status Door::load(const std::vector<LogRow>& ids, const std::vector<LogRow>& authors,
                  std::uint64_t top) {
  accepted_.clear();
  accepted_.reserve(ids.size());
  for (const LogRow& row : ids) {
    Result<AcceptedMessage> accepted = accepted_of(row);
    if (!accepted) return accepted.error();
    accepted_.emplace(row.key, std::move(*accepted));
  }
  authors_.clear();
  top_ = top;
  for (const LogRow& row : authors) {
    const Result<AuthorRecord> author = author_of(row);
    if (!author) return author.error();
    authors_[row.key] = {author->number, static_cast<std::int64_t>(author->lt)};
    top_ = std::max(top_, author->lt);
  }
  return {};
}

Result<Door::Ruling> Door::examine(const Message& message, const Hash& content,
                                   bool in_order) const {
  if (const AcceptedMessage* known = find(message.id)) {
    if (known->content == content) return Ruling{known};
    return make_error(ErrorCode::IdReused, "id: was used before with other content");
  }
  const auto number = message.own_number();
  if (!in_order || !number) return Ruling{};
  const auto last = authors_.find(message.client);
  const std::uint64_t before = last == authors_.end() ? 0 : last->second.number;
  if (*number > before + 1)
    return make_error(ErrorCode::Gap, "clock: messages of this author are missing");
  if (*number <= before)
    return make_error(ErrorCode::IdReused, "clock: the author's number was used before");
  return Ruling{};
}

bool Door::place(Message& message, std::int64_t line) const {
  std::erase_if(message.clock, [&](const auto& entry) { return entry.first != message.client; });
  const auto last = authors_.find(message.client);
  const std::int64_t before = last == authors_.end() ? kNoLine : last->second.lt;
  const auto lt = static_cast<std::int64_t>(message.lt);
  if (lt > line && lt > before && message.lt <= top_ + kMaxJump) return false;
  message.lt = top_ + 1;
  return true;
}

const AcceptedMessage& Door::admit(const Message& message, const Hash& content) {
  Last& last = authors_[message.client];
  last.number = std::max(last.number, message.own_number().value_or(last.number + 1));
  last.lt = static_cast<std::int64_t>(message.lt);
  top_ = std::max(top_, message.lt);
  AcceptedMessage& entry = accepted_[message.id];
  entry = {message.id, message.server_seq, message.lt, message.stable, content};
  return entry;
}

const AcceptedMessage* Door::find(const std::string& id) const {
  const auto at = accepted_.find(id);
  return at == accepted_.end() ? nullptr : &at->second;
}

AuthorRecord Door::author(const std::string& client) const {
  const auto at = authors_.find(client);
  if (at == authors_.end()) return {client, 0, 0};
  return {client, at->second.number,
          static_cast<std::uint64_t>(std::max<std::int64_t>(at->second.lt, 0))};
}

}  // namespace vuer_rtc::server
