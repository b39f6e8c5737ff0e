// Two instances that lose, repeat and reorder what they tell each other: in the end both, and all
// of their clients, hold the same rows.
#include "table/people.hpp"

using namespace vuer_rtc::table;

namespace {

constexpr int kSteps = 250;
constexpr unsigned kHistories = 100;

ChannelOptions named(const char* node) {
  ChannelOptions options;
  options.node = node;
  options.pull_chunk = 3;
  return options;
}

template <class Database>
class Pair {
 public:
  Pair(unsigned seed, const std::vector<std::string>& sites)
      : random_(seed),
        desks_{{Desk(named("n1"), {"0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F01", "server-site-0001"}),
                Desk(named("n2"), {"0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F02", "server-site-0002"})}} {
    for (std::size_t at = 0; at < sites.size(); ++at)
      people_.emplace_back(std::string(1, static_cast<char>('a' + at)), sites[at], at % 2 == 0);
  }

  void play() {
    for (int i = 0; i < kSteps; ++i) step();
    settle();
    const View expected = view_of(desks_[0].channel().store());
    CHECK(json(view_of(desks_[1].channel().store())) == json(expected));
    for (const auto& person : people_) CHECK(json(person.view()) == json(expected));
  }

 private:
  Desk& desk_of(std::size_t person) { return desks_[person % 2]; }

  void step() {
    const std::size_t at = random_() % people_.size();
    auto& person = people_[at];
    Desk& desk = desk_of(at);
    switch (random_() % 12) {
      case 0:
        desk.advance(200);
        return person.is_here(desk) ? person.send() : person.come(desk);
      case 1:
      case 2:
        return person.edit(random_);
      case 3:
      case 4:
        return carry(random_() % 2);
      case 5:
        if (random_() % 8 != 0) return person.send();
        desk.restart();
        for (std::size_t i = at % 2; i < people_.size(); i += 2) people_[i].lose(desk);
        return desk.catch_up();
      default:
        random_() % 2 == 0 ? person.hear(desk) : person.deliver(desk);
    }
  }

  /// One text of an instance to the other: lost, twice, or behind the next one.
  void carry(std::size_t from) {
    Desk& other = desks_[1 - from];
    auto& texts = random_() % 3 == 0 ? desks_[from].requested : desks_[from].published;
    if (texts.empty()) return;
    const bool is_request = &texts == &desks_[from].requested;
    if (texts.size() > 1 && random_() % 4 == 0) std::swap(texts[0], texts[1]);
    const std::string text = texts.front();
    texts.pop_front();
    const int times = random_() % 4 == 0 ? 0 : random_() % 4 == 1 ? 2 : 1;
    for (int i = 0; i < times; ++i) tell(other, is_request, text);
  }

  static void tell(Desk& desk, bool is_request, const std::string& text) {
    is_request ? desk.request(text) : static_cast<void>(desk.envelope(text));
  }

  void carry_all() {
    for (const std::size_t from : {0, 1}) {
      for (const bool is_request : {false, true}) {
        auto& texts = is_request ? desks_[from].requested : desks_[from].published;
        for (const std::string& text : std::exchange(texts, {}))
          tell(desks_[1 - from], is_request, text);
      }
    }
  }

  void settle() {
    for (int round = 0; round < 30; ++round) {
      for (std::size_t at = 0; at < people_.size(); ++at)
        round == 0 ? people_[at].come(desk_of(at)) : people_[at].send();
      for (Desk& desk : desks_) desk.catch_up();
      for (int i = 0; i < 4; ++i) carry_all();
      for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (std::size_t at = 0; at < people_.size(); ++at) {
          goes_on |= people_[at].deliver(desk_of(at));
          goes_on |= people_[at].hear(desk_of(at));
        }
      }
      for (Desk& desk : desks_) desk.advance(2000);
    }
  }

  Random random_;
  std::array<Desk, 2> desks_;
  std::deque<Person<Database>> people_;
};

template <class Database>
void play_all(const std::vector<std::string>& sites) {
  for (unsigned i = 0; i < kHistories; ++i) {
    const unsigned seed = first_seed() * 100'000 + i;
    INFO("seed " << seed);
    Pair<Database>(seed, sites).play();
  }
}

}  // namespace

TEST_CASE("instances_with_plain_clients_end_equal") {
  play_all<PlainDatabase>({"aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc", "dddd"});
}

TEST_CASE("instances_with_causal_clients_end_equal") {
  play_all<CausalDatabase>({"A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1", "B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2",
                            "C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3"});
}
