//! Shuttle and Loom on programs of SCTBench: executions to the first bug in trials with seeds of their own, and executions a second.
//! `heddle-peers TRIALS EXECUTIONS_MAX RATE_MS` prints a line of JSON for each tool and program.
mod programs;

use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler, UrwRandomScheduler};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

static EXECUTIONS: AtomicU64 = AtomicU64::new(0);
static HUNTING: AtomicBool = AtomicBool::new(false);

/// A program has shown its bug: while hunting this ends the run.
pub fn failed() {
    if HUNTING.load(SeqCst) {
        panic!("the bug");
    }
}

struct Program {
    name: &'static str,
    shuttle: fn(),
    /// Loom has at most five threads, main included.
    loom: Option<fn()>,
}

const PROGRAMS: [Program; 5] = [
    Program { name: "reorder_3", shuttle: || programs::shuttle::reorder(2), loom: Some(|| programs::loom::reorder(2)) },
    Program { name: "reorder_5", shuttle: || programs::shuttle::reorder(4), loom: None },
    Program { name: "twostage", shuttle: programs::shuttle::twostage, loom: Some(programs::loom::twostage) },
    Program { name: "lazy01", shuttle: programs::shuttle::lazy01, loom: Some(programs::loom::lazy01) },
    Program {
        name: "bluetooth_driver",
        shuttle: programs::shuttle::bluetooth_driver,
        loom: Some(programs::loom::bluetooth_driver),
    },
];

const SHUTTLE: [&str; 3] = ["Shuttle, random", "Shuttle, PCT of depth 3", "Shuttle, URW"];

fn scheduler(tool: &str, seed: u64, executions: usize) -> Box<dyn Scheduler + Send> {
    match tool {
        "Shuttle, random" => Box::new(RandomScheduler::new_from_seed(seed, executions)),
        "Shuttle, URW" => Box::new(UrwRandomScheduler::new_from_seed(seed, executions)),
        _ => Box::new(PctScheduler::new_from_seed(seed, 3, executions)),
    }
}

fn run_shuttle(tool: &str, program: fn(), seed: u64, executions: usize) {
    let mut config = shuttle::Config::default();
    config.failure_persistence = shuttle::FailurePersistence::None;
    config.silence_warnings = true;
    shuttle::Runner::new(scheduler(tool, seed, executions), config).run(move || {
        EXECUTIONS.fetch_add(1, SeqCst);
        program();
    });
}

fn run_loom(program: fn(), executions: Option<usize>, time: Option<Duration>) {
    let mut builder = loom::model::Builder::new();
    builder.max_permutations = executions;
    builder.max_duration = time;
    builder.check(move || {
        EXECUTIONS.fetch_add(1, SeqCst);
        program();
    });
}

/// One trial: `{"executions":n,"ms":t}`, or null.
fn hunt(run: impl FnOnce()) -> String {
    EXECUTIONS.store(0, SeqCst);
    HUNTING.store(true, SeqCst);
    let begin = Instant::now();
    let found = catch_unwind(AssertUnwindSafe(run)).is_err();
    let ms = begin.elapsed().as_secs_f64() * 1000.0;
    HUNTING.store(false, SeqCst);
    if !found {
        return "null".into();
    }
    format!("{{\"executions\":{},\"ms\":{ms:.3}}}", EXECUTIONS.load(SeqCst))
}

fn tell(tool: &str, program: &str, results: &[String], executions: u64, time: Duration) {
    let rate = executions as f64 / time.as_secs_f64();
    let list = results.join(",");
    println!("{{\"tool\":\"{tool}\",\"program\":\"{program}\",\"results\":[{list}],\"execsPerSecond\":{rate:.0}}}");
}

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let [trials, limit, rate_ms] = numbers[..] else {
        eprintln!("heddle-peers TRIALS EXECUTIONS_MAX RATE_MS");
        std::process::exit(2);
    };
    std::panic::set_hook(Box::new(|_| {}));
    let rate_time = Duration::from_millis(rate_ms as u64);
    for program in &PROGRAMS {
        for tool in SHUTTLE {
            let results: Vec<_> = (0..trials)
                .map(|trial| hunt(|| run_shuttle(tool, program.shuttle, trial as u64 + 1, limit)))
                .collect();
            EXECUTIONS.store(0, SeqCst);
            let begin = Instant::now();
            while begin.elapsed() < rate_time {
                run_shuttle(tool, program.shuttle, 7, 200);
            }
            tell(tool, program.name, &results, EXECUTIONS.load(SeqCst), begin.elapsed());
        }
        if let Some(loom) = program.loom {
            // Exhaustive and without randomness: one trial is like another.
            let results = [hunt(|| run_loom(loom, Some(limit), None))];
            EXECUTIONS.store(0, SeqCst);
            let begin = Instant::now();
            run_loom(loom, None, Some(rate_time));
            tell("Loom", program.name, &results, EXECUTIONS.load(SeqCst), begin.elapsed());
        }
    }
}
