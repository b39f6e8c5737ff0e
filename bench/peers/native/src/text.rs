// Workloads over one long text, as js/text.mjs has them.
use crate::data::{self, Text};
use crate::measure::{collect, counted, rate, time, Figure, Rows};
use crate::system::{Place, System};

const MESSAGES: usize = 1000;

fn batch_of(text: &Text) -> usize {
    text.position.len().div_ceil(MESSAGES)
}

/// A way to do some edits as one message or transaction.
type Edits<D> = fn(&mut D, &Text, std::ops::Range<usize>);

fn local<S: System>(place: &Place, text: &Text, size: usize, edits: Edits<S::Doc>) -> Figure {
    let base = S::empty_text();
    let count = text.position.len().div_ceil(size);
    let mut figure = rate(
        place.limits,
        count,
        || S::open(1, &base),
        |doc, i| {
            let end = ((i + 1) * size).min(text.position.len());
            edits(doc, text, i * size..end);
        },
        |doc, done| assert!(done < count || S::text(doc) == text.end, "another text"),
    );
    figure.runs.iter_mut().for_each(|run| *run *= size as f64);
    figure
}

pub fn batched<S: System>(place: &Place) -> Rows {
    let text = data::text(&place.folder);
    vec![("text_batched", local::<S>(place, &text, batch_of(&text), S::transact))]
}

pub fn each<S: System>(place: &Place) -> Rows {
    let edits: Edits<S::Doc> = |doc, text, range| drop(S::edits(doc, text, range));
    vec![("text_each", local::<S>(place, &data::text(&place.folder), 1, edits))]
}

pub fn receive<S: System>(place: &Place) -> Rows {
    let text = data::text(&place.folder);
    let base = S::empty_text();
    let mut writer = S::open(1, &base);
    let count = text.position.len();
    let sent = collect(place.limits, count, |i| S::edits(&mut writer, &text, i..i + 1));
    let mut figure = rate(
        place.limits,
        sent.len(),
        || S::open(2, &base),
        |doc, i| S::receive(doc, &sent[i]),
        |doc, done| assert!(done < count || S::text(doc) == text.end, "another text"),
    );
    figure.part *= sent.len() as f64 / count as f64;
    vec![("text_receive", figure)]
}

/// A replica that wrote the trace in a thousand messages.
fn written<S: System>(text: &Text) -> S::Doc {
    let mut writer = S::open(1, &S::empty_text());
    let (size, count) = (batch_of(text), text.position.len());
    for from in (0..count).step_by(size) {
        S::edits(&mut writer, text, from..(from + size).min(count));
    }
    writer
}

pub fn blob<S: System>(place: &Place) -> Rows {
    let text = data::text(&place.folder);
    let blob = S::blob(&written::<S>(&text));
    let base = S::empty_text();
    let mut figure = rate(
        place.limits,
        1,
        || S::open(2, &base),
        |doc, _| S::receive(doc, &blob),
        |doc, _| assert!(S::text(doc) == text.end, "another text"),
    );
    figure.runs.iter_mut().for_each(|run| *run *= text.position.len() as f64);
    vec![("text_blob", figure)]
}

pub fn load<S: System>(place: &Place) -> Rows {
    let text = data::text(&place.folder);
    let saved = S::save(&written::<S>(&text));
    let load = || {
        let doc = S::open(2, &saved);
        let shown = S::text(&doc);
        (doc, shown)
    };
    let figure = time(place.limits, load, |(_, shown)| assert!(shown == text.end, "another text"));
    vec![("text_load", figure), ("text_bytes", counted(saved.len() as f64))]
}
