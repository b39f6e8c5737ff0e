// bench-peers SYSTEM WORKLOAD FOLDER ROUNDS SECONDS: one workload on one peer, one line of JSON.
mod data;
mod diamond;
mod loro_doc;
mod measure;
mod scene;
mod system;
mod text;
mod yrs_doc;

use measure::{Limits, Rows};
use system::{Place, System};

fn run<S: System>(workload: &str, place: &Place) -> Rows {
    if !S::can(workload) {
        return Rows::new();
    }
    match workload {
        "scene_each" => scene::each::<S>(place),
        "scene_buffer" => scene::buffer::<S>(place),
        "scene_writers" => scene::writers::<S>(place),
        "moves" => scene::moves::<S>(place),
        "undo" => scene::undo::<S>(place),
        "text_batched" => text::batched::<S>(place),
        "text_each" => text::each::<S>(place),
        "text_receive" => text::receive::<S>(place),
        "text_blob" => text::blob::<S>(place),
        "text_load" => text::load::<S>(place),
        "large_load" => scene::large_load::<S>(place),
        "large_memory" => scene::large_memory::<S>(place),
        _ => Rows::new(),
    }
}

fn main() {
    let given: Vec<String> = std::env::args().collect();
    assert!(given.len() == 6, "bench-peers SYSTEM WORKLOAD FOLDER ROUNDS SECONDS");
    let limits = Limits {
        rounds: given[4].parse().expect("a number of rounds"),
        seconds: given[5].parse().expect("a number of seconds"),
    };
    let place = Place { system: given[1].clone(), folder: given[3].clone(), limits };
    let rows = match given[1].as_str() {
        "yrs" => run::<yrs_doc::Yrs>(&given[2], &place),
        "loro" => run::<loro_doc::Loro>(&given[2], &place),
        "diamond" => run::<diamond::Diamond>(&given[2], &place),
        other => panic!("no such system: {other}"),
    };
    measure::print(&rows);
}
