// Workloads over scenes, as js/scene.mjs and js/large.mjs have them.
use crate::data::{self, Large, Sets};
use crate::measure::{collect, counted, rate, time, Rows};
use crate::system::{Place, System, Value};

const JOINED: usize = 10_000;
const WRITERS: u64 = 4;
const READER: u64 = 9;

fn base_of<S: System>(sets: &Sets) -> Vec<u8> {
    let placed = |_| vec![("position".to_string(), Value::Position([0.0; 3]))];
    S::save(&S::scene(sets.nodes, &placed))
}

fn check_last<S: System>(doc: &S::Doc, sets: &Sets, done: usize) {
    let read = S::position(doc, sets.node[done - 1]);
    assert!(read == sets.values[done - 1], "the last set is not seen");
}

pub fn each<S: System>(place: &Place) -> Rows {
    let sets = data::sets(&place.folder);
    let base = base_of::<S>(&sets);
    let (mut bytes, mut steps) = (0, 0);
    let figure = rate(
        place.limits,
        sets.node.len(),
        || S::open(1, &base),
        |doc, i| {
            bytes += S::set(doc, &sets, i).len();
            steps += 1;
        },
        |doc, done| check_last::<S>(doc, &sets, done),
    );
    vec![("scene_each", figure), ("message_bytes", counted(bytes as f64 / steps as f64))]
}

pub fn buffer<S: System>(place: &Place) -> Rows {
    let sets = data::sets(&place.folder);
    let base = base_of::<S>(&sets);
    let mut writer = S::open(1, &base);
    let sent = collect(place.limits, sets.node.len(), |i| S::set(&mut writer, &sets, i));
    let buffers: Vec<&[Vec<u8>]> = sent.chunks(JOINED).collect();
    let mut figure = rate(
        place.limits,
        buffers.len(),
        || S::open(READER, &base),
        |doc, i| S::receive_all(doc, buffers[i]),
        |doc, done| check_last::<S>(doc, &sets, (done * JOINED).min(sent.len())),
    );
    let size = sent.len() as f64 / buffers.len() as f64;
    figure.runs.iter_mut().for_each(|run| *run *= size);
    figure.part *= sent.len() as f64 / sets.node.len() as f64;
    vec![("scene_buffer", figure)]
}

pub fn writers<S: System>(place: &Place) -> Rows {
    let sets = data::sets(&place.folder);
    let base = base_of::<S>(&sets);
    let mut writers: Vec<S::Doc> = (1..=WRITERS).map(|writer| S::open(writer, &base)).collect();
    let sent = collect(place.limits, sets.node.len(), |i| {
        let turn = i % writers.len();
        let message = S::set(&mut writers[turn], &sets, i);
        for (other, doc) in writers.iter_mut().enumerate() {
            if other != turn {
                S::receive(doc, &message);
            }
        }
        message
    });
    let mut figure = rate(
        place.limits,
        sent.len(),
        || S::open(READER, &base),
        |doc, i| S::receive(doc, &sent[i]),
        |doc, done| check_last::<S>(doc, &sets, done),
    );
    figure.part *= sent.len() as f64 / sets.node.len() as f64;
    vec![("scene_writers", figure)]
}

pub fn moves<S: System>(place: &Place) -> Rows {
    let moves = data::moves(&place.folder);
    let base = S::tree(moves.nodes);
    let mut writers: Vec<S::Doc> = (1..=WRITERS).map(|writer| S::open(writer, &base)).collect();
    let sent = collect(place.limits, moves.node.len(), |i| {
        S::move_node(&mut writers[moves.writer[i]], &moves, i)
    });
    let mut figure = rate(
        place.limits,
        sent.len(),
        || S::open(READER, &base),
        |doc, i| S::receive(doc, &sent[i]),
        |_, _| {},
    );
    figure.part *= sent.len() as f64 / moves.node.len() as f64;
    vec![("moves", figure)]
}

pub fn undo<S: System>(place: &Place) -> Rows {
    let sets = data::sets(&place.folder);
    let base = base_of::<S>(&sets);
    let count = sets.node.len().min(10_000);
    let edited = || {
        let mut doc = S::open(1, &base);
        S::watch_undo(&mut doc);
        (0..count).for_each(|i| drop(S::set(&mut doc, &sets, i)));
        doc
    };
    let undone = || {
        let mut doc = edited();
        collect(place.limits, count, |_| S::undo(&mut doc));
        doc
    };
    let undo = rate(place.limits, count, edited, |doc, _| S::undo(doc), |_, _| {});
    let redo = rate(place.limits, count, undone, |doc, _| S::redo(doc), |_, _| {});
    vec![("undo", undo), ("redo", redo)]
}

fn stored_name(place: &Place) -> String {
    format!("{}/{}-native.stored", place.folder, place.system)
}

fn large_scene<S: System>(large: &Large) -> S::Doc {
    let value = |node: usize, i: usize| Value::Number(large.values[node * large.properties + i]);
    let count = large.properties;
    let properties = |node| (0..count).map(|i| (format!("p{i}"), value(node, i))).collect();
    S::scene(large.nodes, &properties)
}

pub fn large_load<S: System>(place: &Place) -> Rows {
    let large = data::large(&place.folder);
    let saved = S::save(&large_scene::<S>(&large));
    std::fs::write(stored_name(place), &saved).expect("a file");
    let expected: f64 = (0..large.nodes).map(|node| large.values[node * large.properties]).sum();
    let load = || {
        let doc = S::open(READER, &saved);
        let sum = S::sum(&doc, large.nodes);
        (doc, sum)
    };
    let figure = time(place.limits, load, |(_, sum)| {
        assert!((sum - expected).abs() < 1e-3, "other numbers")
    });
    vec![("large_load", figure), ("large_bytes", counted(saved.len() as f64))]
}

/// Bytes this process holds in memory.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0
}

pub fn large_memory<S: System>(place: &Place) -> Rows {
    let Ok(saved) = std::fs::read(stored_name(place)) else { return Rows::new() };
    let before = resident();
    let doc = S::open(READER, &saved);
    std::hint::black_box(S::sum(&doc, data::large(&place.folder).nodes));
    let taken = resident() - before;
    std::hint::black_box(S::sum(&doc, 1));
    vec![("large_memory", counted(taken / 1e6))]
}
