//! Programs of SCTBench (bench/sctbench/programs/), once for each tool: their types have the same names. Every access to a shared variable is
//! atomic, so that it is a scheduling point; the main thread starts the others and joins them.

macro_rules! programs {
    ($tool:ident) => {
        pub mod $tool {
            use crate::failed;
            use std::sync::Arc;
            use $tool::sync::atomic::{AtomicI32, Ordering::SeqCst};
            use $tool::sync::Mutex;
            use $tool::thread;

            type Thread = Box<dyn FnOnce() + Send>;

            fn run(threads: Vec<Thread>) {
                let handles: Vec<_> = threads.into_iter().map(thread::spawn).collect();
                for handle in handles {
                    handle.join().unwrap();
                }
            }

            fn add(cell: &AtomicI32, n: i32) {
                let value = cell.load(SeqCst);
                cell.store(value + n, SeqCst);
            }

            fn cell(value: i32) -> Arc<AtomicI32> {
                Arc::new(AtomicI32::new(value))
            }
            fn mutex() -> Arc<Mutex<()>> {
                Arc::new(Mutex::new(()))
            }

            pub fn reorder(setters: usize) {
                let (a, b) = (cell(0), cell(0));
                let mut threads: Vec<Thread> = Vec::new();
                for _ in 0..setters {
                    let (a, b) = (a.clone(), b.clone());
                    threads.push(Box::new(move || {
                        a.store(1, SeqCst);
                        b.store(-1, SeqCst);
                    }));
                }
                threads.push(Box::new(move || {
                    let before = a.load(SeqCst) == 0 && b.load(SeqCst) == 0;
                    if !(before || a.load(SeqCst) == 1 && b.load(SeqCst) == -1) {
                        failed();
                    }
                }));
                run(threads);
            }

            pub fn twostage() {
                let (d1, d2, l1, l2) = (cell(0), cell(0), mutex(), mutex());
                let writer = {
                    let (d1, d2, l1, l2) = (d1.clone(), d2.clone(), l1.clone(), l2.clone());
                    move || {
                        {
                            let _held = l1.lock().unwrap();
                            d1.store(1, SeqCst);
                        }
                        let _held = l2.lock().unwrap();
                        d2.store(d1.load(SeqCst) + 1, SeqCst);
                    }
                };
                let reader = move || {
                    let first = {
                        let _held = l1.lock().unwrap();
                        if d1.load(SeqCst) == 0 {
                            return;
                        }
                        d1.load(SeqCst)
                    };
                    let second = {
                        let _held = l2.lock().unwrap();
                        d2.load(SeqCst)
                    };
                    if second != first + 1 {
                        failed();
                    }
                };
                run(vec![Box::new(writer), Box::new(reader)]);
            }

            pub fn lazy01() {
                let (data, lock) = (cell(0), mutex());
                let adder = |n: i32| {
                    let (data, lock) = (data.clone(), lock.clone());
                    Box::new(move || {
                        let _held = lock.lock().unwrap();
                        add(&data, n);
                    })
                };
                let checker = {
                    let (data, lock) = (data.clone(), lock.clone());
                    Box::new(move || {
                        let _held = lock.lock().unwrap();
                        if data.load(SeqCst) >= 3 {
                            failed();
                        }
                    })
                };
                run(vec![checker, adder(2), adder(1)]);
            }

            pub fn bluetooth_driver() {
                let (pending, flag, event, stopped) = (cell(1), cell(0), cell(0), cell(0));
                let lock = mutex();
                let decrement = {
                    let (pending, event, lock) = (pending.clone(), event.clone(), lock.clone());
                    move || {
                        let left = {
                            let _held = lock.lock().unwrap();
                            add(&pending, -1);
                            pending.load(SeqCst)
                        };
                        if left == 0 {
                            event.store(1, SeqCst);
                        }
                    }
                };
                let stop = {
                    let (flag, stopped, decrement) = (flag.clone(), stopped.clone(), decrement.clone());
                    move || {
                        flag.store(1, SeqCst);
                        decrement();
                        if event.load(SeqCst) == 1 {
                            stopped.store(1, SeqCst);
                        }
                    }
                };
                let request = move || {
                    if flag.load(SeqCst) == 1 {
                        return;
                    }
                    {
                        let _held = lock.lock().unwrap();
                        add(&pending, 1);
                    }
                    if stopped.load(SeqCst) == 1 {
                        failed();
                        return;
                    }
                    decrement();
                };
                run(vec![Box::new(stop), Box::new(request)]);
            }
        }
    };
}

programs!(shuttle);
programs!(loom);
