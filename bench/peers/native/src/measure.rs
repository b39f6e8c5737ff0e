// Timing as in js/measure.mjs: some rounds, each cut off at a limit, and the median of them.
use std::time::Instant;

#[derive(Clone, Copy)]
pub struct Limits {
    pub rounds: usize,
    pub seconds: f64,
}

pub struct Figure {
    pub runs: Vec<f64>,
    pub part: f64,
}

pub type Rows = Vec<(&'static str, Figure)>;

/// Runs step(0), step(1), ... up to `count` or for `seconds`: how many were done, and how long.
pub fn each(count: usize, seconds: f64, mut step: impl FnMut(usize)) -> (usize, f64) {
    let start = Instant::now();
    let (mut done, mut elapsed, mut chunk) = (0, 0.0, 1);
    while done < count && elapsed < seconds {
        let end = (done + chunk).min(count);
        while done < end {
            step(done);
            done += 1;
        }
        elapsed = start.elapsed().as_secs_f64();
        chunk = (2 * chunk).min(1024);
    }
    (done, elapsed)
}

fn repeat(limits: Limits, mut round: impl FnMut() -> f64) -> Vec<f64> {
    let start = Instant::now();
    let mut runs = vec![round()];
    while runs.len() < limits.rounds && start.elapsed().as_secs_f64() < 3.0 * limits.seconds {
        runs.push(round());
    }
    runs
}

/// Millions of steps a second. prepare() makes a replica, after() looks at it; neither counts.
pub fn rate<D>(
    limits: Limits,
    count: usize,
    mut prepare: impl FnMut() -> D,
    mut step: impl FnMut(&mut D, usize),
    mut after: impl FnMut(&D, usize),
) -> Figure {
    let mut part: f64 = 1.0;
    let runs = repeat(limits, || {
        let mut doc = prepare();
        let (done, seconds) = each(count, limits.seconds, |i| step(&mut doc, i));
        part = part.min(done as f64 / count as f64);
        after(&doc, done);
        done as f64 / seconds / 1e6
    });
    Figure { runs, part }
}

/// Milliseconds of a call; after() looks at what it gave and does not count.
pub fn time<D>(limits: Limits, mut call: impl FnMut() -> D, after: impl Fn(D)) -> Figure {
    let runs = repeat(limits, || {
        let start = Instant::now();
        let given = call();
        let taken = start.elapsed().as_secs_f64() * 1000.0;
        after(given);
        taken
    });
    Figure { runs, part: 1.0 }
}

/// What prepares a workload, as far as two rounds' time goes.
pub fn collect<T>(limits: Limits, count: usize, mut make: impl FnMut(usize) -> T) -> Vec<T> {
    let mut out = Vec::new();
    each(count, 2.0 * limits.seconds, |i| out.push(make(i)));
    out
}

pub fn counted(value: f64) -> Figure {
    Figure { runs: vec![value], part: 1.0 }
}

fn median(runs: &[f64]) -> f64 {
    let mut sorted = runs.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        (sorted[middle - 1] + sorted[middle]) / 2.0
    }
}

pub fn print(rows: &Rows) {
    let row = |(name, figure): &(&str, Figure)| {
        let (value, runs, part) = (median(&figure.runs), &figure.runs, figure.part);
        format!("\"{name}\": {{\"value\": {value}, \"runs\": {runs:?}, \"part\": {part}}}")
    };
    println!("{{{}}}", rows.iter().map(row).collect::<Vec<_>>().join(", "));
}
