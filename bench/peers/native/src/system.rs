// What a peer must be able to do; each does it in its best documented way.
use crate::data::{Moves, Sets, Text};
use crate::measure::Limits;
use std::ops::Range;

pub struct Place {
    pub system: String,
    pub folder: String,
    pub limits: Limits,
}

pub enum Value {
    Number(f64),
    Position([f64; 3]),
}

/// The properties of a node.
pub type Properties<'a> = &'a dyn Fn(usize) -> Vec<(String, Value)>;

pub fn node_key(node: usize) -> String {
    format!("node-{node}")
}

/// Functions of workloads that `can` refuses are never called.
pub trait System {
    type Doc;

    fn can(workload: &str) -> bool;
    /// A replica of its own author that starts from stored bytes.
    fn open(writer: u64, base: &[u8]) -> Self::Doc;
    fn save(doc: &Self::Doc) -> Vec<u8>;
    fn receive(doc: &mut Self::Doc, message: &[u8]);

    fn empty_text() -> Vec<u8>;
    /// These edits as one transaction, without its bytes where they need not be made.
    fn transact(doc: &mut Self::Doc, text: &Text, range: Range<usize>);
    /// These edits as one message.
    fn edits(doc: &mut Self::Doc, text: &Text, range: Range<usize>) -> Vec<u8>;
    fn text(doc: &Self::Doc) -> String;
    /// All that a replica without it needs.
    fn blob(doc: &Self::Doc) -> Vec<u8> {
        Self::save(doc)
    }

    fn scene(_nodes: usize, _properties: Properties) -> Self::Doc {
        unreachable!()
    }
    /// One set as one message.
    fn set(_doc: &mut Self::Doc, _sets: &Sets, _i: usize) -> Vec<u8> {
        unreachable!()
    }
    fn receive_all(_doc: &mut Self::Doc, _messages: &[Vec<u8>]) {
        unreachable!()
    }
    fn position(_doc: &Self::Doc, _node: usize) -> [f64; 3] {
        unreachable!()
    }
    /// The property p0 of each node, added up.
    fn sum(_doc: &Self::Doc, _nodes: usize) -> f64 {
        unreachable!()
    }
    fn watch_undo(_doc: &mut Self::Doc) {
        unreachable!()
    }
    fn undo(_doc: &mut Self::Doc) {
        unreachable!()
    }
    fn redo(_doc: &mut Self::Doc) {
        unreachable!()
    }
    /// Nodes below one root.
    fn tree(_nodes: usize) -> Vec<u8> {
        unreachable!()
    }
    /// One move as one message.
    fn move_node(_doc: &mut Self::Doc, _moves: &Moves, _i: usize) -> Vec<u8> {
        unreachable!()
    }
}
