// yrs: a map of maps, one transaction a message.
use crate::data::{Sets, Text};
use crate::system::{node_key, Properties, System, Value};
use std::ops::Range;
use yrs::block::ClientID;
use yrs::undo::{Options as UndoOptions, UndoManager};
use yrs::updates::decoder::Decode;
use yrs::{
    Any, Doc, GetString, Map, MapPrelim, MapRef, OffsetKind, Options, Out, ReadTxn, StateVector,
    Text as _, TextRef, Transact, TransactionMut, Update,
};

pub struct Yrs;

pub struct Replica {
    doc: Doc,
    nodes: MapRef,
    /// The nodes' maps, looked up once each.
    maps: Vec<Option<MapRef>>,
    text: TextRef,
    undoing: Option<UndoManager<()>>,
}

fn any(value: &Value) -> Any {
    match value {
        Value::Number(number) => Any::from(*number),
        Value::Position(numbers) => Any::Array(numbers.iter().map(|n| Any::from(*n)).collect()),
    }
}

fn number(any: &Any) -> f64 {
    any.clone().cast().expect("a number")
}

fn replica(writer: u64) -> Replica {
    let mut options = Options::with_client_id(ClientID::new(writer));
    options.offset_kind = OffsetKind::Utf16;
    let doc = Doc::with_options(options);
    let (nodes, text) = (doc.get_or_insert_map("nodes"), doc.get_or_insert_text("text"));
    Replica { doc, nodes, maps: Vec::new(), text, undoing: None }
}

fn property(doc: &Replica, node: usize, path: &str) -> Any {
    let txn = doc.doc.transact();
    match doc.nodes.get(&txn, &node_key(node)) {
        Some(Out::YMap(map)) => match map.get(&txn, path) {
            Some(Out::Any(any)) => any,
            _ => panic!("no property"),
        },
        _ => panic!("no node"),
    }
}

impl Replica {
    fn map(&mut self, node: usize, nodes: usize) -> MapRef {
        self.maps.resize(nodes, None);
        if self.maps[node].is_none() {
            let txn = self.doc.transact();
            if let Some(Out::YMap(map)) = self.nodes.get(&txn, &node_key(node)) {
                self.maps[node] = Some(map);
            }
        }
        self.maps[node].clone().expect("a node")
    }
}

fn type_in(target: &TextRef, txn: &mut TransactionMut, text: &Text, range: Range<usize>) {
    for i in range {
        let (position, removed) = (text.position[i] as u32, text.removed[i] as u32);
        if removed > 0 {
            target.remove_range(txn, position, removed);
        }
        if !text.inserted[i].is_empty() {
            target.insert(txn, position, &text.inserted[i]);
        }
    }
}

impl System for Yrs {
    type Doc = Replica;

    fn can(workload: &str) -> bool {
        workload != "moves"
    }

    fn open(writer: u64, base: &[u8]) -> Replica {
        let mut doc = replica(writer);
        Self::receive(&mut doc, base);
        doc
    }

    fn save(doc: &Replica) -> Vec<u8> {
        doc.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    fn receive(doc: &mut Replica, message: &[u8]) {
        let update = Update::decode_v1(message).expect("an update");
        doc.doc.transact_mut().apply_update(update).expect("an update");
    }

    fn receive_all(doc: &mut Replica, messages: &[Vec<u8>]) {
        let mut txn = doc.doc.transact_mut();
        for message in messages {
            let update = Update::decode_v1(message).expect("an update");
            txn.apply_update(update).expect("an update");
        }
    }

    fn empty_text() -> Vec<u8> {
        Self::save(&replica(1_000))
    }

    fn transact(doc: &mut Replica, text: &Text, range: Range<usize>) {
        type_in(&doc.text, &mut doc.doc.transact_mut(), text, range);
    }

    fn edits(doc: &mut Replica, text: &Text, range: Range<usize>) -> Vec<u8> {
        let mut txn = doc.doc.transact_mut();
        type_in(&doc.text, &mut txn, text, range);
        txn.encode_update_v1()
    }

    fn text(doc: &Replica) -> String {
        doc.text.get_string(&doc.doc.transact())
    }

    fn scene(nodes: usize, properties: Properties) -> Replica {
        let doc = replica(1_000);
        let mut txn = doc.doc.transact_mut();
        for node in 0..nodes {
            let values = properties(node).into_iter().map(|(path, value)| (path, any(&value)));
            doc.nodes.insert(&mut txn, node_key(node), MapPrelim::from_iter(values));
        }
        drop(txn);
        doc
    }

    fn set(doc: &mut Replica, sets: &Sets, i: usize) -> Vec<u8> {
        let map = doc.map(sets.node[i], sets.nodes);
        let mut txn = doc.doc.transact_mut();
        map.insert(&mut txn, "position", any(&Value::Position(sets.values[i])));
        txn.encode_update_v1()
    }

    fn position(doc: &Replica, node: usize) -> [f64; 3] {
        match property(doc, node, "position") {
            Any::Array(numbers) => [number(&numbers[0]), number(&numbers[1]), number(&numbers[2])],
            _ => panic!("no position"),
        }
    }

    fn sum(doc: &Replica, nodes: usize) -> f64 {
        (0..nodes).map(|node| number(&property(doc, node, "p0"))).sum()
    }

    fn watch_undo(doc: &mut Replica) {
        let options = UndoOptions { capture_timeout_millis: 0, ..UndoOptions::default() };
        let mut undoing = UndoManager::with_options(options);
        undoing.expand_scope(&doc.doc, &doc.nodes);
        doc.undoing = Some(undoing);
    }

    fn undo(doc: &mut Replica) {
        doc.undoing.as_mut().expect("watched").undo_blocking();
    }

    fn redo(doc: &mut Replica) {
        doc.undoing.as_mut().expect("watched").redo_blocking();
    }
}
