#include "room/door.hpp"

#include <algorithm>

namespace vuer_rtc::server {

Status Door::load(const std::vector<LogRow>& authors, std::uint64_t top) {
  clear();
  authors_.clear();
  top_ = top;
  for (const LogRow& row : authors) {
    const Result<AuthorRecord> author = author_of(row);
    if (!author) return author.error();
    authors_[row.key] = {author->number, static_cast<std::int64_t>(author->lt), author->named};
    top_ = std::max(top_, author->lt);
  }
  return {};
}

void Door::clear() {
  accepted_.clear();
  recalled_.clear();
}

void Door::forget(std::int64_t line) {
  recalled_.clear();
  std::erase_if(accepted_,
                [&](const auto& one) { return static_cast<std::int64_t>(one.second.lt) <= line; });
}

/// Its author has not come to this number yet.
bool Door::is_new(std::string_view id) const {
  const auto numbered = numbered_id(id);
  if (!numbered) return false;
  const auto author = authors_.find(std::string(numbered->client));
  return author == authors_.end() || numbered->number > author->second.named;
}

bool Door::must_recall(std::string_view id) const {
  if (id.empty() || is_new(id)) return false;
  const std::string known(id);
  return !accepted_.contains(known) && !recalled_.contains(known);
}

Status Door::recall(const std::vector<std::string>& asked, const std::vector<LogRow>& rows) {
  for (const std::string& id : asked) recalled_.emplace(id, std::nullopt);
  for (const LogRow& row : rows) {
    Result<AcceptedMessage> accepted = accepted_of(row);
    if (!accepted) return accepted.error();
    recalled_[row.key] = std::move(*accepted);
  }
  return {};
}

Result<Door::Ruling> Door::examine(const Message& message, const Hash& content,
                                   bool in_order) const {
  const bool was_seen = !is_new(message.id);
  if (const AcceptedMessage* known = was_seen ? find(message.id) : nullptr) {
    if (known->content == content) return Ruling{known};
    return make_error(ErrorCode::IdReused, "id: was used before with other content");
  }
  if (was_seen && must_recall(message.id))
    return make_error(ErrorCode::Internal, "id: was not looked up");
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
  if (const auto numbered = numbered_id(message.id))
    last.named = std::max(last.named, numbered->number);
  AcceptedMessage& entry = accepted_[message.id];
  entry = {message.id, message.server_seq, message.lt, message.stable, content};
  return entry;
}

const AcceptedMessage* Door::find(const std::string& id) const {
  if (const auto at = accepted_.find(id); at != accepted_.end()) return &at->second;
  const auto at = recalled_.find(id);
  return at == recalled_.end() || !at->second ? nullptr : &*at->second;
}

AuthorRecord Door::author(const std::string& client) const {
  const auto at = authors_.find(client);
  if (at == authors_.end()) return {client, 0, 0};
  const Last& last = at->second;
  return {client, last.number, static_cast<std::uint64_t>(std::max<std::int64_t>(last.lt, 0)),
          last.named};
}

}  // namespace vuer_rtc::server
