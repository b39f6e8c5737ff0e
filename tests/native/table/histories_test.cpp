// Random histories: people edit, come and go, lose what is under way, and the server is killed in
// between; in the end everybody has what the server has. SEED and HISTORIES in the environment.
#include <cstdlib>

#include "table/people.hpp"

using namespace vuer_rtc::table;

namespace {

constexpr int kSteps = 300;

unsigned histories() {
  const char* count = std::getenv("HISTORIES");
  return count == nullptr ? 300 : static_cast<unsigned>(std::atoi(count));
}

template <class Database>
class History {
 public:
  History(unsigned seed, std::vector<std::string> sites) : random_(seed), desk_({}, kSite) {
    desk_.holds_commits = true;
    for (std::size_t at = 0; at < sites.size(); ++at)
      people_.emplace_back(std::string(1, static_cast<char>('a' + at)), sites[at], at % 2 == 0);
  }

  void play() {
    for (int i = 0; i < kSteps; ++i) step();
    settle();
    const View expected = view_of(desk_.channel().store());
    for (const auto& person : people_) {
      INFO("person " << person.name());
      CHECK(json(person.view()) == json(expected));
    }
  }

 private:
  static inline const SitePair kSite{"0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F", "server-site-0001"};

  void step() {
    auto& person = people_[random_() % people_.size()];
    switch (random_() % 24) {
      case 0:
        return person.come(desk_);
      case 1:
        return random_() % 2 == 0 ? person.leave(desk_) : crash();
      case 2:
      case 3:
        return person.ping(desk_);
      case 4:
      case 5:
      case 6:
        return person.edit(random_);
      case 7:
      case 8:
        return person.is_here(desk_) ? person.send() : person.come(desk_);
      case 9:
      case 10:
        return desk_.commit();
      case 11:
        return desk_.advance(700);
      default:
        random_() % 2 == 0 ? person.hear(desk_) : person.deliver(desk_);
    }
  }

  void crash() {
    desk_.restart();
    for (auto& person : people_) person.lose(desk_);
  }

  /// Everybody comes back, and nothing is left to be said.
  void settle() {
    desk_.holds_commits = false;
    desk_.commit();
    for (int round = 0; round < 20; ++round) {
      for (auto& person : people_) round == 0 ? person.come(desk_) : person.send();
      for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (auto& person : people_) {
          goes_on |= person.deliver(desk_);
          goes_on |= person.hear(desk_);
        }
      }
      desk_.advance(2000);
    }
    for (const auto& person : people_) CHECK(!person.has_unsafe());
  }

  Random random_;
  Desk desk_;
  std::deque<Person<Database>> people_;
};

template <class Database>
void play_all(const std::vector<std::string>& sites) {
  for (unsigned i = 0; i < histories(); ++i) {
    const unsigned seed = first_seed() * 100'000 + i;
    INFO("seed " << seed);
    History<Database>(seed, sites).play();
  }
}

}  // namespace

TEST_CASE("histories_of_plain_clients_end_equal") {
  play_all<PlainDatabase>({"aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc", "dddd"});
}

TEST_CASE("histories_of_causal_clients_end_equal") {
  play_all<CausalDatabase>({"A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1", "B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2B2",
                            "C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3"});
}
