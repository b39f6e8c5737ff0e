#include "protocol/yjs/compaction.hpp"

#include <algorithm>

namespace vuer_rtc::yjs {
namespace {

struct Piece {
  Struct item;
  ClientId client = 0;
  Head head;
  bool is_deleted = false;
  bool was_type = false;  // deleted, and it was a shared type
  enum class Root : std::uint8_t { Unvisited, UnderWay, Item, Gc, Unknown } root = Root::Unvisited;
  std::size_t root_at = 0;  // Root::Item: the piece that names the parent
};

class Compaction {
 public:
  explicit Compaction(const Store& store) : store_(store) {
    for (const auto& [client, line] : store.lines()) {
      const std::size_t first = pieces_.size();
      split(client, line);
      lines_[client] = {first, pieces_.size()};
    }
  }

  Bytes run() {
    for (std::size_t i = 0; i < pieces_.size(); i++) find_root(i);
    for (std::size_t i = 0; i < pieces_.size(); i++) collect(pieces_[i]);
    UpdateWriter update;
    for (const auto& [client, span] : lines_) write(client, span, update);
    for (const auto& [client, ranges] : store_.deletes()) update.add_deletes(client, ranges);
    return update.take();
  }

 private:
  struct Span {
    std::size_t begin = 0, end = 0;
  };

  /// Step 1: cuts at the borders of what was deleted.
  void split(ClientId client, const Line& line) {
    const auto found = store_.deletes().find(client);
    const std::vector<Range> none;
    const std::vector<Range>& ranges = found == store_.deletes().end() ? none : found->second;
    auto range = ranges.begin();
    for (Struct rest : line.structs) {
      while (true) {
        while (range != ranges.end() && range->to <= rest.clock) ++range;
        const bool inside = range != ranges.end() && range->from <= rest.clock;
        const Clock border = range == ranges.end() ? rest.end() : inside ? range->to : range->from;
        const Clock to = std::min(border, rest.end());
        add(client, cut(rest, rest.clock, to), inside);
        if (to == rest.end()) break;
        rest = cut(rest, to, rest.end());
      }
    }
  }

  void add(ClientId client, Struct item, bool in_range) {
    Piece piece;
    piece.client = client;
    if (item.kind != Kind::Gc) piece.head = head_of(item, client);
    piece.is_deleted = in_range || item.kind == Kind::Gc || item.kind == Kind::Deleted;
    piece.was_type = piece.is_deleted && item.kind == Kind::Type;
    if (piece.is_deleted && item.kind != Kind::Gc) item.kind = Kind::Deleted;
    piece.item = std::move(item);
    pieces_.push_back(std::move(piece));
  }

  /// Which piece holds this id; the number of pieces: none.
  std::size_t find(const Id& id) const {
    const auto line = lines_.find(id.client);
    if (line == lines_.end()) return pieces_.size();
    const auto begin = pieces_.begin() + static_cast<std::ptrdiff_t>(line->second.begin);
    const auto end = pieces_.begin() + static_cast<std::ptrdiff_t>(line->second.end);
    const auto at = std::upper_bound(begin, end, id.clock, [](Clock clock, const Piece& piece) {
      return clock < piece.item.end();
    });
    if (at == end || at->item.clock > id.clock) return pieces_.size();
    return static_cast<std::size_t>(at - pieces_.begin());
  }

  /// Step 2, parentOf: along the origins to the item that names its parent. Everything on the way
  /// learns the answer; a loop has none.
  void find_root(std::size_t from) {
    std::vector<std::size_t> path;
    Piece answer;
    answer.root = Piece::Root::Unknown;
    for (std::size_t at = from; at < pieces_.size();) {
      Piece& piece = pieces_[at];
      if (piece.root != Piece::Root::Unvisited) {
        if (piece.root != Piece::Root::UnderWay)
          answer.root = piece.root, answer.root_at = piece.root_at;
        break;
      }
      piece.root = Piece::Root::UnderWay;
      path.push_back(at);
      const auto& next = piece.head.origin ? piece.head.origin : piece.head.right_origin;
      if (piece.item.kind == Kind::Gc || !next) {
        answer.root = piece.item.kind == Kind::Gc ? Piece::Root::Gc : Piece::Root::Item;
        answer.root_at = at;
        break;
      }
      at = find(*next);
    }
    for (const std::size_t at : path) {
      pieces_[at].root = answer.root;
      pieces_[at].root_at = answer.root_at;
    }
  }

  /// What was deleted inside of something deleted leaves only its length.
  void collect(Piece& piece) const {
    if (!piece.is_deleted || piece.item.kind == Kind::Gc) return;
    bool is_lost = piece.root == Piece::Root::Gc;
    if (piece.root == Piece::Root::Item) {
      const auto& parent = pieces_[piece.root_at].head.parent;
      const std::size_t at = parent ? find(*parent) : pieces_.size();
      is_lost = at < pieces_.size() && pieces_[at].was_type;
    }
    if (is_lost) piece.item.kind = Kind::Gc;
  }

  bool has_key(const Piece& piece) const {
    return piece.head.has_key ||
           (piece.root == Piece::Root::Item && pieces_[piece.root_at].head.has_key);
  }

  /// Step 3.
  bool joins(const Piece& a, const Piece& b) const {
    const Kind kind = a.item.kind;
    if (a.item.end() != b.item.clock || kind != b.item.kind) return false;
    if (kind == Kind::Gc) return true;
    if (kind != Kind::Deleted && kind != Kind::Json && kind != Kind::Text && kind != Kind::Any)
      return false;
    return b.head.origin == Id{a.client, a.item.end() - 1} &&
           a.head.right_origin == b.head.right_origin &&
           (a.is_deleted || (!has_key(a) && !has_key(b)));
  }

  void write(ClientId client, Span span, UpdateWriter& update) const {
    BlockWriter block(client);
    std::vector<Struct> joined;
    for (std::size_t i = span.begin; i < span.end; i++) {
      joined.push_back(pieces_[i].item);
      if (i + 1 < span.end && joins(pieces_[i], pieces_[i + 1])) continue;
      block.put(joined);
      joined.clear();
    }
    update.add(block);
  }

  const Store& store_;
  std::vector<Piece> pieces_;
  ByClient<Span> lines_;
};

}  // namespace

Bytes compacted(const Store& store) { return Compaction(store).run(); }

}  // namespace vuer_rtc::yjs
