//! The pipe to a browser: JSON messages, each ended by a NUL.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Both ends that are ours.
pub(super) struct Pipe {
    to: Option<ChildStdin>,
    from: Receiver<Value>,
    sent: u64,
}

impl Pipe {
    /// A thread reads along, so that waiting for a message can have a bound.
    pub(super) fn new(to: ChildStdin, from: ChildStdout) -> Pipe {
        let (hand_over, inbox) = channel();
        std::thread::spawn(move || {
            for message in messages(from) {
                if hand_over.send(message).is_err() {
                    return;
                }
            }
        });
        Pipe { to: Some(to), from: inbox, sent: 0 }
    }

    /// Sends a message and returns its number. One without a session goes to the browser itself.
    pub(super) fn send(&mut self, method: &str, parameters: Value, session: &str) -> u64 {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": parameters});
        if !session.is_empty() {
            message["sessionId"] = session.into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        let to = self.to.as_mut().expect("the pipe is open");
        to.write_all(&bytes).and_then(|()| to.flush()).expect("the browser is still there");
        self.sent
    }

    /// The next message, if one comes in time.
    pub(super) fn receive(&self, limit: Duration) -> Option<Value> {
        match self.from.recv_timeout(limit) {
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => panic!("the browser went away"),
            message => message.ok(),
        }
    }

    /// Says goodbye: a browser whose pipe ends closes.
    pub(super) fn close(&mut self) {
        if let Some(mut to) = self.to.take() {
            let _ = to.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        }
    }
}

/// The messages of a stream, until it ends.
fn messages(from: impl Read) -> impl Iterator<Item = Value> {
    let mut from = BufReader::new(from);
    std::iter::from_fn(move || {
        let mut bytes = Vec::new();
        from.read_until(0, &mut bytes).ok()?;
        bytes.pop()?;
        serde_json::from_slice(&bytes).ok()
    })
}

#[test]
fn messages_end_with_a_nul() {
    let read: Vec<Value> = messages(&b"{\"a\":1}\0[2]\0"[..]).collect();
    assert_eq!(read, [json!({"a": 1}), json!([2])]);
}
